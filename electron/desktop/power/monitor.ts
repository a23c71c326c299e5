// The same from Electron, which tells of each change, and of sleep and waking.
import type { PowerMonitor } from 'electron';
import type { Power, PowerEvent } from './power.ts';

const heard = {
  'on-battery': 'changed',
  'on-ac': 'changed',
  'thermal-state-change': 'changed',
  suspend: 'suspended',
  resume: 'woke',
} as const satisfies Readonly<Record<string, PowerEvent>>;

export function watchPower(monitor: PowerMonitor): Power {
  return {
    onBattery: () => monitor.isOnBatteryPower(),
    // Only macOS tells; it slows down from "serious" on.
    isHot: () => process.platform === 'darwin' && ['serious', 'critical'].includes(monitor.getCurrentThermalState()),
    subscribe: (listener) => {
      const listeners = Object.entries(heard).map(([name, event]) => [name, () => listener(event)] as const);
      for (const [name, tell] of listeners) monitor.on(name as 'resume', tell);
      return () => {
        for (const [name, tell] of listeners) monitor.off(name as 'resume', tell);
      };
    },
  };
}

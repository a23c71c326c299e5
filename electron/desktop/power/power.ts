// What feeds the computer and how warm it is. Where no desktop tells: on Linux the kernel's own files, elsewhere it is taken to be on mains and cool.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { orElse } from '../../durable.ts';

export type PowerEvent = 'changed' | 'suspended' | 'woke';

export type Power = {
  /** True while it runs on its own battery. */
  onBattery(): boolean;
  /** True while the system slows itself down because of heat. */
  isHot(): boolean;
  /** Where the system tells nothing, nothing is heard: ask from time to time. Returns how to stop. */
  subscribe(listener: (event: PowerEvent) => void): () => void;
};

/** NACRE_POWER_SUPPLY names another folder, for tests and for computers whose kernel is mistaken. */
export function readPower(folder = process.env['NACRE_POWER_SUPPLY'] ?? '/sys/class/power_supply'): Power {
  return { onBattery: () => isDischarging(folder), isHot: () => false, subscribe: () => () => undefined };
}

/** As the kernel tells it: https://www.kernel.org/doc/html/latest/power/power_supply_class.html */
function isDischarging(folder: string): boolean {
  // No such folder: another system, or a computer without any of this. Each kind of supply has some of these files only.
  const names: readonly string[] = orElse([], () => readdirSync(folder));
  const supplies = names.map((name) => {
    const read = (file: string): string => orElse('', () => readFileSync(join(folder, name, file), 'utf8').trim());
    return { type: read('type'), online: read('online'), status: read('status'), scope: read('scope') };
  });
  if (supplies.some(({ type, online }) => type !== 'Battery' && online === '1')) return false;
  // A mouse has a battery too, with the scope "Device".
  return supplies.some(({ type, status, scope }) => type === 'Battery' && scope !== 'Device' && status === 'Discharging');
}

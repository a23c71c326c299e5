import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PowerMonitor } from 'electron';
import { afterAll, describe, expect, it } from 'vitest';
import { watchPower } from './monitor.ts';
import { readPower } from './power.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The kernel's folder with these supplies in it. */
function supplies(found: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-power-'));
  folders.push(folder);
  for (const [name, files] of Object.entries(found)) {
    mkdirSync(join(folder, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), `${text}\n`);
  }
  return folder;
}

const battery = (status: string) => ({ type: 'Battery', status });

describe('without a desktop', () => {
  it.each([
    ['a laptop that is unplugged', { AC: { type: 'Mains', online: '0' }, BAT0: battery('Discharging') }, true],
    ['a laptop that is plugged in', { AC: { type: 'Mains', online: '1' }, BAT0: battery('Charging') }, false],
    ['one that is fed by USB while its battery helps', { 'ucsi-1': { type: 'USB', online: '1' }, BAT0: battery('Discharging') }, false],
    ['one whose kernel knows no mains', { BAT0: battery('Full') }, false],
    ['one with two batteries', { BAT0: battery('Unknown'), BAT1: battery('Discharging') }, true],
    ['a computer with a mouse that has a battery', { mouse: { ...battery('Discharging'), scope: 'Device' } }, false],
    ['a computer without any of this', {}, false],
  ])('%s is on battery: %s', (_, found, onBattery) => {
    expect(readPower(supplies(found)).onBattery()).toBe(onBattery);
  });

  it('where the kernel tells nothing it is taken to be on mains', () => {
    expect([readPower('/nowhere').onBattery(), readPower('/nowhere').isHot()]).toEqual([false, false]);
  });
});

describe('in Electron', () => {
  it('unplugging, heat, sleep and waking are heard until nobody listens any more', () => {
    const monitor = Object.assign(new EventEmitter(), { isOnBatteryPower: () => true, getCurrentThermalState: () => 'critical' });
    const power = watchPower(monitor as unknown as PowerMonitor);
    const heard: string[] = [];
    const deafen = power.subscribe((event) => heard.push(event));
    for (const name of ['on-battery', 'on-ac', 'thermal-state-change', 'suspend', 'resume', 'lock-screen']) monitor.emit(name);
    deafen();
    monitor.emit('resume');
    expect(heard).toEqual(['changed', 'changed', 'changed', 'suspended', 'woke']);
    expect([power.onBattery(), power.isHot()]).toEqual([true, process.platform === 'darwin']);
  });
});

// When work in the background waits although it could go on: on battery, in the heat, in the person's quiet hours. Chat never does.
import type { Rest } from '../contract/run.ts';
import type { Settings } from '../contract/setting.ts';
import type { Power } from '../desktop/power/power.ts';
import { localZone, zoneOf } from './time/zone.ts';

export type RestWatch = ReturnType<typeof watchRest>;

export type RestParts = {
  settings(): Pick<Settings, 'restOnBattery' | 'quietHours'>;
  readonly power: Power;
  now(): number;
  onChange(reason: Rest | null): void;
};

/** Not every system tells when it is unplugged. Milliseconds. */
const lookEvery = 15_000;
const day = 86_400_000;

export function watchRest(parts: RestParts) {
  let reason = reasonNow(parts);
  const look = (): void => {
    const found = reasonNow(parts);
    if (found === reason) return;
    reason = found;
    parts.onChange(found);
  };
  const timer = setInterval(look, lookEvery);
  timer.unref();
  const deafen = parts.power.subscribe(look);
  return {
    /** Why it waits, as of the last look; null where it goes on. */
    reason: (): Rest | null => reason,
    /** Something of it may have changed. */
    look,
    /** May be called twice. */
    stop: (): void => {
      clearInterval(timer);
      deafen();
    },
  };
}

/** `at` is the local time in milliseconds since midnight. */
export function isQuiet(hours: Settings['quietHours'], at: number): boolean {
  if (hours === null) return false;
  const [from, to] = [hours.from, hours.to].map(sinceMidnight);
  if (from === undefined || to === undefined) return false;
  return from <= to ? from <= at && at < to : from <= at || at < to;
}

function reasonNow({ settings, power, now }: RestParts): Rest | null {
  const { restOnBattery, quietHours } = settings();
  if (restOnBattery && power.isHot()) return 'heat';
  if (restOnBattery && power.onBattery()) return 'battery';
  if (quietHours === null) return null;
  const at = now();
  return isQuiet(quietHours, (zoneOf(localZone())?.wall(at) ?? at) % day) ? 'quiet' : null;
}

function sinceMidnight(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

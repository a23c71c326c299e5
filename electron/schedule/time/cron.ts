// A cron pattern on the wall of a zone: which instants it names. Croner reads the pattern; what happens when clocks are set is decided here.
import { Cron } from 'croner';
import { type Fault, fault } from '../../contract/fault.ts';
import { type Zone, zoneOf } from './zone.ts';

export type CronTimes = ReturnType<typeof createCronTimes>;

const minute = 60_000;
const day = 86_400_000;

/**
 * A pattern that names hours follows the wall: a time that the wall skips comes at the first valid instant after the gap, and a time it shows
 * twice comes once, the first time. A pattern that fires in every hour goes on through both, as time itself does. Throws what Croner
 * throws where the pattern can't be read. `next` gives the first instant after one, `previous` the last before it, or null where there is none.
 */
export function createCronTimes(pattern: string, zone: Zone) {
  const everyHour = isEveryHour(pattern);
  const cron = new Cron(pattern, { mode: '5-part', timezone: everyHour ? zone.name : 'UTC', paused: true });
  const next = (shown: number): number | null => cron.nextRun(new Date(floor(shown)))?.getTime() ?? null;
  const previous = (shown: number): number | null => cron.previousRuns(1, new Date(floor(shown - 1) + minute))[0]?.getTime() ?? null;
  return everyHour
    ? { next, previous }
    : { next: (instant: number) => nextOnWall(zone, next, instant), previous: (instant: number) => previousOnWall(zone, previous, instant) };
}

/** Why the pattern can't be used; null where it can. */
export function cronTrouble(pattern: string, zoneName: string, now: number): Fault | null {
  const zone = zoneOf(zoneName);
  if (zone === null) return fault('typed.zone', { zone: zoneName });
  const parts = pattern.trim().split(/\s+/).length;
  if (parts > 5) return fault('typed.cron-long', { pattern, parts });
  if (parts < 5 && !pattern.startsWith('@')) return fault('typed.cron-short', { pattern });
  // `?` would stand for the moment at which the pattern is read, so it would mean something else after every restart.
  if (pattern.includes('?')) return fault('typed.cron-question', { pattern });
  try {
    return createCronTimes(pattern, zone).next(now) === null ? fault('typed.cron-never', { pattern }) : null;
  } catch (error) {
    return fault('typed.cron', { pattern, reason: reasonOf(error) });
  }
}

function isEveryHour(pattern: string): boolean {
  return pattern.trim() === '@hourly' || ['*', '*/1', '0-23'].includes(pattern.trim().split(/\s+/)[1] ?? '');
}

/** Wall times map to instants without ever going back, so the first that lies after `instant` is the answer. */
function nextOnWall(zone: Zone, next: (shown: number) => number | null, instant: number): number | null {
  for (let shown = next(zone.wall(instant)); shown !== null; shown = next(shown)) {
    const at = zone.first(shown);
    if (at > instant) return at;
  }
  return null;
}

function previousOnWall(zone: Zone, previous: (shown: number) => number | null, instant: number): number | null {
  const wall = zone.wall(instant);
  // In a repeated hour the wall has already shown times that lie ahead of what it shows now.
  const isRepeat = zone.first(wall) < instant;
  for (let shown = previous(isRepeat ? wall + day : wall); shown !== null; shown = previous(shown)) {
    const at = zone.first(shown);
    if (at < instant) return at;
  }
  return null;
}

function floor(shown: number): number {
  return Math.floor(shown / minute) * minute;
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^\w+: /, '').replace(/\.$/, '');
}

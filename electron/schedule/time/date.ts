// A moment written exactly: "2026-11-22 09:00", "in 1h30m", "9:00", or ISO 8601 with an offset. What is said in words is read by spoken.ts.
import { type Reply, refusal } from '../../contract/fault.ts';
import { parseDuration } from './duration.ts';
import { type Zone, zoneOf } from './zone.ts';

const day = 86_400_000;

/** Milliseconds since 1970. `zone` is where a time without an offset is read; a time that the clocks there skip is the first valid one after. */
export function parseTime(text: string, { now, zone: name }: { readonly now: number; readonly zone: string }): Reply<number> {
  const zone = zoneOf(name);
  if (zone === null) return refusal('typed.zone', { zone: name });
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
  const at = readDelay(words, now) ?? readOffset(words) ?? readOnWall(words, zone, now);
  if (at !== null && Number.isFinite(at)) return { ok: true, value: at };
  return refusal('typed.time', { text });
}

function readDelay(words: string, now: number): number | null {
  const length = /^in (.+)$/.exec(words)?.[1] ?? /^\+ ?(.+)$/.exec(words)?.[1] ?? /^(.+?)(?:之后|以后|后)$/.exec(words)?.[1];
  const ms = length === undefined ? null : parseDuration(length);
  return ms === null ? null : now + ms;
}

/** ISO 8601 with `Z` or an offset names an instant by itself. */
function readOffset(words: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)[t ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(z|[+-]\d\d:?\d\d)$/.exec(words);
  if (match === null || readDate(match[1] ?? '') === null) return null;
  const offset = (match[3] ?? 'z').toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const at = Date.parse(`${match[1]}T${match[2]}${offset}`);
  return Number.isNaN(at) ? null : at;
}

function readOnWall(words: string, zone: Zone, now: number): number | null {
  const dated = /^(\d{4}-\d\d?-\d\d?)(?:[t ](.+))?$/.exec(words);
  if (dated !== null) {
    const date = readDate(dated[1] ?? '');
    const clock = readClock(dated[2] ?? '');
    return date === null || clock === null ? null : zone.first(date + clock);
  }
  // A time of day alone is the next one.
  const clock = readClock(words.replace(/^at /, ''));
  if (clock === null) return null;
  const today = Math.floor(zone.wall(now) / day) * day + clock;
  return zone.first(zone.first(today) > now ? today : today + day);
}

/** The date's midnight by UTC, or null where the calendar has no such day. */
function readDate(text: string): number | null {
  const [year = 0, month = 0, date = 0] = text.split('-').map(Number);
  const at = new Date(Date.UTC(year, month - 1, date));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === date && year >= 1970 ? at.getTime() : null;
}

/** Milliseconds since midnight of `9:00`, `09:00:30`, `9am`, `5:30 pm`. */
function readClock(text: string): number | null {
  const match = /^(\d{1,2})(?:[:：](\d\d))?(?::(\d\d))? ?(am|pm)?$/.exec(text);
  if (match === null || (match[2] === undefined && match[4] === undefined)) return null;
  const [hour, minute, second] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0));
  if (hour === undefined || minute === undefined || second === undefined || minute > 59 || second > 59) return null;
  if (match[4] === undefined) return hour > 23 ? null : ((hour * 60 + minute) * 60 + second) * 1000;
  if (hour < 1 || hour > 12) return null;
  return ((((hour % 12) + (match[4] === 'pm' ? 12 : 0)) * 60 + minute) * 60 + second) * 1000;
}

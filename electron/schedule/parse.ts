// What a person typed, or a model wrote, read as a schedule. Every refusal is a sentence that says what would be understood.
import { homedir } from 'node:os';
import { join, normalize, resolve } from 'node:path';
import { type Reply, refusal } from '../contract/fault.ts';
import type { TaskId } from '../contract/id.ts';
import type { MissedPolicy, Schedule } from '../contract/schedule.ts';
import type { TypedTask } from '../contract/task.ts';
import { checkSchedule } from './recurrence.ts';
import { parseTime } from './time/date.ts';
import { parseDuration } from './time/duration.ts';
import { instantOf, readSpoken } from './time/spoken.ts';
import { zoneOf } from './time/zone.ts';

type Typed = Pick<TypedTask, 'at' | 'every' | 'cron' | 'zone' | 'after' | 'untilDone'>;

export type Here = {
  readonly now: number;
  readonly zone: string /** Where a path that is not whole begins; null where there is no such place. */;
  readonly folder: string | null;
};

const usualPauseMs = 15 * 60_000;

/** At most one way to schedule may be given; none means now. What it returns has passed `checkSchedule`. */
export function parseSchedule(input: Typed, here: Here): Reply<Schedule> {
  const given = (['at', 'every', 'cron', 'after', 'untilDone'] as const).filter((name) => input[name] !== undefined && input[name] !== false);
  if (given.length > 1) return refusal('typed.one-schedule', { options: given.map((name) => `--${name === 'untilDone' ? 'until-done' : name}`).join(' and ') });
  const [way] = given;
  if (input.zone !== undefined && way !== 'cron' && way !== 'at') return refusal('typed.zone-unused');
  if (way === undefined) return { ok: true, value: { type: 'now' } };
  const read = readers[way](input, here);
  return read.ok ? checkSchedule(read.value, here.now) : read;
}

/** `skip`, `once`, `all`, or `within:2h`. */
export function parseMissed(text: string): Reply<MissedPolicy> {
  const [type = '', ...lengths] = text.trim().toLowerCase().split(':');
  const length = lengths.length === 0 ? undefined : lengths.join(':');
  if (length === undefined && (type === 'skip' || type === 'once' || type === 'all')) return { ok: true, value: { type } };
  const ms = type === 'within' && length !== undefined ? parseDuration(length) : null;
  if (ms === null) return type === 'within' ? refusal('typed.length', { text: length ?? '' }) : refusal('typed.missed', { text });
  return { ok: true, value: { type: 'within', ms } };
}

const readers: Readonly<Record<'at' | 'every' | 'cron' | 'after' | 'untilDone', (input: Typed, here: Here) => Reply<Schedule>>> = {
  at: ({ at = '', zone }, here) => {
    const where = zone ?? here.zone;
    const time = parseTime(at, { now: here.now, zone: where });
    if (!time.ok) return spokenSchedule(at, here.now, where) ?? time;
    return once(at, time.value, here.now, where);
  },
  every: ({ every = '' }, { now }) => {
    const ms = parseDuration(every);
    return ms === null ? refusal('typed.length', { text: every }) : { ok: true, value: { type: 'every', ms, from: now } };
  },
  cron: ({ cron = '', zone }, here) => ({ ok: true, value: { type: 'cron', pattern: cron.trim(), zone: zone ?? here.zone } }),
  after: ({ after = '' }, { folder }) => {
    const task = parseTask(after);
    if (task !== null) return { ok: true, value: { type: 'after', task } };
    // A lone word is more likely a task mistyped than a file.
    if (!/[/\\.~]/.test(after)) return refusal('typed.after', { text: after });
    return { ok: true, value: { type: 'after-change', path: wholePath(after.trim(), folder) } };
  },
  untilDone: ({ untilDone }) => {
    const pauseMs = typeof untilDone === 'string' ? parseDuration(untilDone) : usualPauseMs;
    return pauseMs === null ? refusal('typed.length', { text: String(untilDone) }) : { ok: true, value: { type: 'until-done', pauseMs } };
  },
};

function once(text: string, at: number, now: number, zone: string): Reply<Schedule> {
  if (at > now) return { ok: true, value: { type: 'at', at } };
  const wall = new Date(zoneOf(zone)?.wall(at) ?? at).toISOString().slice(0, 16).replace('T', ' ');
  return refusal('typed.past', { text, time: wall, zone });
}

/** "every Friday at 5" is no moment, but it says when as well. */
function spokenSchedule(text: string, now: number, zoneName: string): Reply<Schedule> | null {
  const [spoken, zone] = [readSpoken(text, now, zoneName), zoneOf(zoneName)];
  if (spoken === null || zone === null) return null;
  if (spoken.type === 'cron') return { ok: true, value: { ...spoken, zone: zoneName } };
  if (spoken.type === 'every') return { ok: true, value: { type: 'every', ms: spoken.ms, from: now } };
  const at = instantOf(spoken, now, zone);
  return at === null ? null : once(text, at, now, zoneName);
}

function parseTask(text: string): TaskId | null {
  const number = Number(/^t?([1-9]\d{0,14})$/i.exec(text.trim())?.[1]);
  return Number.isNaN(number) ? null : number;
}

function wholePath(path: string, folder: string | null): string {
  const below = /^~(?:[/\\](.*))?$/.exec(path);
  if (below !== null) return join(homedir(), below[1] ?? '');
  return folder === null ? normalize(path) : resolve(folder, path);
}

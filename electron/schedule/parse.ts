// What a person typed, or a model wrote, read as a schedule. Every refusal is a sentence that says what would be understood.
import { homedir } from 'node:os';
import { join, normalize, resolve } from 'node:path';
import type { TaskId } from '../contract/id.ts';
import type { MissedPolicy, Schedule } from '../contract/schedule.ts';
import type { TypedTask } from '../contract/task.ts';
import { type Checked, checkSchedule } from './recurrence.ts';
import { parseTime } from './time/date.ts';
import { parseDuration } from './time/duration.ts';
import { sayTime } from './words.ts';

type Typed = Pick<TypedTask, 'at' | 'every' | 'cron' | 'zone' | 'after' | 'untilDone'>;

export type Here = {
  readonly now: number;
  readonly zone: string /** Where a path that is not whole begins; null where there is no such place. */;
  readonly folder: string | null;
};

const usualPauseMs = 15 * 60_000;

/** At most one way to schedule may be given; none means now. What it returns has passed `checkSchedule`. */
export function parseSchedule(input: Typed, here: Here): Checked<Schedule> {
  const given = (['at', 'every', 'cron', 'after', 'untilDone'] as const).filter((name) => input[name] !== undefined && input[name] !== false);
  if (given.length > 1) return refuse(`Choose one of ${given.map(optionOf).join(' and ')}: a task has one schedule.`);
  const [way] = given;
  if (input.zone !== undefined && way !== 'cron' && way !== 'at') return refuse('A time zone is only of use with --cron or --at.');
  if (way === undefined) return { ok: true, value: { type: 'now' } };
  const read = readers[way](input, here);
  return read.ok ? checkSchedule(read.value, here.now) : read;
}

/** `skip`, `once`, `all`, or `within:2h`. */
export function parseMissed(text: string): Checked<MissedPolicy> {
  const [type = '', length] = text.trim().toLowerCase().split(':');
  if (length === undefined && (type === 'skip' || type === 'once' || type === 'all')) return { ok: true, value: { type } };
  const ms = type === 'within' && length !== undefined ? parseDuration(length) : null;
  if (ms === null) return refuse(`"${text}" is no way to treat missed times. Write skip, once, all, or a limit such as within:2h.`);
  return { ok: true, value: { type: 'within', ms } };
}

const readers: Readonly<Record<'at' | 'every' | 'cron' | 'after' | 'untilDone', (input: Typed, here: Here) => Checked<Schedule>>> = {
  at: ({ at = '', zone }, here) => {
    const where = zone ?? here.zone;
    const time = parseTime(at, { now: here.now, zone: where });
    if (!time.ok) return time;
    if (time.value > here.now) return { ok: true, value: { type: 'at', at: time.value } };
    return refuse(
      `"${at}" has passed already: it was ${sayTime(time.value, { language: 'en', zone: where })} (${where}). Choose a time that is still to come.`,
    );
  },
  every: ({ every = '' }, { now }) => {
    const ms = parseDuration(every);
    return ms === null ? refuse(noDuration(every)) : { ok: true, value: { type: 'every', ms, from: now } };
  },
  cron: ({ cron = '', zone }, here) => ({ ok: true, value: { type: 'cron', pattern: cron.trim(), zone: zone ?? here.zone } }),
  after: ({ after = '' }, { folder }) => {
    const task = parseTask(after);
    if (task !== null) return { ok: true, value: { type: 'after', task } };
    // A lone word is more likely a task mistyped than a file.
    if (!/[/\\.~]/.test(after)) return refuse(`"${after}" names neither a task nor a path. Write a task such as t5, or a path such as ./inbox.`);
    return { ok: true, value: { type: 'after-change', path: wholePath(after.trim(), folder) } };
  },
  untilDone: ({ untilDone }) => {
    const pauseMs = typeof untilDone === 'string' ? parseDuration(untilDone) : usualPauseMs;
    return pauseMs === null ? refuse(noDuration(String(untilDone))) : { ok: true, value: { type: 'until-done', pauseMs } };
  },
};

function parseTask(text: string): TaskId | null {
  const number = Number(/^t?([1-9]\d{0,14})$/i.exec(text.trim())?.[1]);
  return Number.isNaN(number) ? null : number;
}

function wholePath(path: string, folder: string | null): string {
  const below = /^~(?:[/\\](.*))?$/.exec(path);
  if (below !== null) return join(homedir(), below[1] ?? '');
  return folder === null ? normalize(path) : resolve(folder, path);
}

function noDuration(text: string): string {
  return `"${text}" is no length of time. Write it like 30m, 2h or 3d.`;
}

function optionOf(name: string): string {
  return name === 'untilDone' ? '--until-done' : `--${name}`;
}

function refuse(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

// What becomes of due times that passed while nobody watched. Pure; every due time ends in exactly one record: ran, skipped, or merged.
import type { MissedPolicy, Schedule } from '../contract/schedule.ts';
import { countDue, lastDue, nextDue } from './recurrence.ts';

/** What became of the due times from `due` to `until`, both included; `count` is null where there are too many to count. */
export type Settled =
  | { readonly type: 'ran'; readonly due: number /** Milliseconds it came late by. */; readonly late: number }
  | { readonly type: 'skipped'; readonly due: number; readonly until: number; readonly count: number | null; readonly why: 'missed' | 'too-late' }
  | { readonly type: 'merged'; readonly due: number; readonly until: number; readonly count: number | null; readonly into: number };

export type Settlement = {
  /** In the order of their due times; together they cover every due time from the first pending one up to now, each once. */
  readonly records: readonly Settled[];
  /** When the task is due next; null where the clock alone makes it due no more. */
  readonly next: number | null;
};

/** Later than this is missed: timers and a busy computer may delay by some seconds. */
export const onTimeMs = 60_000;
export const mostRuns = 100;

/** `due` is the earliest due time that has no record yet. Takes bounded time however long ago that was. */
export function settle(schedule: Schedule, policy: MissedPolicy, due: number, now: number): Settlement {
  if (due > now) return { records: [], next: due };
  const runs = chooseRuns(schedule, policy, due, now);
  const first = runs[0];
  const before = first === undefined ? rangeOf(schedule, due, now) : rangeOf(schedule, due, first - 1);
  const ran = runs.map((time): Settled => ({ type: 'ran', due: time, late: now - time }));
  return { records: [...(before === null ? [] : leaveOut(schedule, policy, before, first, now)), ...ran], next: nextAfter(schedule, now) };
}

/**
 * After the clock was set back: what was skipped or merged at times that lie ahead again is taken back, so that a clock that once showed
 * 2036 does not silence a task for ten years. What ran stays, hence runs never again. `records` are the task's records that reach beyond
 * `now`; the answer replaces them.
 */
export function rewind(schedule: Schedule, records: readonly Settled[], now: number): Settlement {
  const kept = records.flatMap((record) => cut(schedule, record, now));
  const decided = new Set(kept.map((record) => record.due));
  let next = nextAfter(schedule, now);
  while (next !== null && decided.has(next)) next = nextAfter(schedule, next);
  return { records: kept, next };
}

/**
 * Of what was found to become of some due times, the part for which there is no record yet: `taken` are the stretches that have one, in order.
 * After a clock that was set back and forth again, some do.
 */
export function uncovered(schedule: Schedule, record: Settled, taken: readonly Range[]): Settled[] {
  if (record.type === 'ran') return taken.some(({ due, until }) => due <= record.due && record.due <= until) ? [] : [record];
  const parts: Settled[] = [];
  let from: number | null = record.due;
  for (const { due, until } of [...taken, { due: record.until + 1, until: record.until }]) {
    const part = from === null ? null : rangeOf(schedule, from, Math.min(due - 1, record.until));
    if (part !== null) parts.push({ ...record, ...part, count: count(schedule, part) });
    if (from !== null && until >= from) from = nextDue(schedule, until);
  }
  return parts;
}

/** The due times that run, earliest first. */
function chooseRuns(schedule: Schedule, policy: MissedPolicy, due: number, now: number): number[] {
  const last = lastOf(schedule, due, now);
  switch (policy.type) {
    case 'skip':
      return now - last < onTimeMs ? [last] : [];
    case 'once':
      return [last];
    case 'within':
      return now - last <= latest(policy.ms) ? [last] : [];
    case 'all': {
      const runs = [last];
      for (let time = lastDue(schedule, due - 1, last - 1); time !== null && runs.length < mostRuns; time = lastDue(schedule, due - 1, time - 1))
        runs.unshift(time);
      return runs;
    }
  }
}

/** From one due time to another, both included. */
export type Range = { readonly due: number; readonly until: number };

/** What does not run: skipped, or merged into `first`, the earliest that does. */
function leaveOut(schedule: Schedule, policy: MissedPolicy, range: Range, first: number | undefined, now: number): Settled[] {
  const skipped = (part: Range | null, why: 'missed' | 'too-late'): Settled[] =>
    part === null ? [] : [{ type: 'skipped', ...part, count: count(schedule, part), why }];
  const merged = (part: Range | null, into: number): Settled[] => (part === null ? [] : [{ type: 'merged', ...part, count: count(schedule, part), into }]);
  if (policy.type === 'skip') return skipped(range, 'missed');
  if (first === undefined) return skipped(range, 'too-late');
  if (policy.type !== 'within') return merged(range, first);
  const border = now - latest(policy.ms) - 1;
  const early = border < range.due ? null : rangeOf(schedule, range.due, Math.min(border, range.until));
  const late = border < range.due ? range : rangeOf(schedule, nextDue(schedule, border) ?? first, range.until);
  return [...skipped(early, 'too-late'), ...merged(late, first)];
}

/** Nobody can ask for more than timers can keep. */
function latest(ms: number): number {
  return Math.max(ms, onTimeMs);
}

function cut(schedule: Schedule, record: Settled, now: number): Settled[] {
  if (record.type === 'ran') return [record];
  const part = rangeOf(schedule, record.due, Math.min(record.until, now));
  return part === null ? [] : [{ ...record, ...part, count: count(schedule, part) }];
}

/** From `due`, which is a due time, to the last one by `to`; null where `to` lies before `due`. */
function rangeOf(schedule: Schedule, due: number, to: number): Range | null {
  return to < due ? null : { due, until: lastOf(schedule, due, to) };
}

/** The schedule may have no times of its own (`until-done`) or have been edited since: then `due` stands alone. */
function lastOf(schedule: Schedule, due: number, to: number): number {
  return lastDue(schedule, due, to) ?? due;
}

function count(schedule: Schedule, range: Range): number | null {
  const later = countDue(schedule, range.due, range.until);
  return later === null ? null : later + 1;
}

/** The next round of `until-done` is set when the round before has ended. */
function nextAfter(schedule: Schedule, now: number): number | null {
  return schedule.type === 'until-done' ? null : nextDue(schedule, now);
}

// When a task is due: a schedule, checked at the door, and the due times it names. Pure: the same question always has the same answer.
import { isAbsolute } from 'node:path';
import { type Fault, fault, type Reply } from '../contract/fault.ts';
import { lastTime, type Schedule } from '../contract/schedule.ts';
import { type CronTimes, createCronTimes, cronTrouble } from './time/cron.ts';
import { zoneOf } from './time/zone.ts';
import { isPlausible } from './watch.ts';

const minute = 60_000;
const day = 86_400_000;
const mostCounted = 200;
/** By a clock that is wrong, these would come at once or never. */
const needsClock: ReadonlySet<Schedule['type']> = new Set(['at', 'every', 'cron']);

/** Says whether the schedule can be kept. The rest of this file trusts what passed here. */
export function checkSchedule(schedule: Schedule, now: number): Reply<Schedule> {
  const found = trouble(schedule, now);
  return found === null ? { ok: true, value: schedule } : { ok: false, fault: found };
}

/**
 * The first due time after `after`, or null where none follows by the clock alone: a task that starts now, one that waits for another, an
 * `at` that has passed. For `until-done`, `after` is the end of the round before.
 */
export function nextDue(schedule: Schedule, after: number): number | null {
  return nextIn(schedule)(after);
}

/** The last due time in `(from, to]`, or null. Found from its end, so a long range costs no more than a short one. */
export function lastDue(schedule: Schedule, from: number, to: number): number | null {
  const last = lastBy(schedule, Math.min(to, lastTime));
  return last !== null && last > from ? last : null;
}

/** The due times in `(from, to]`, earliest first, at most `limit` of them. */
export function dueBetween(schedule: Schedule, from: number, to: number, limit: number): number[] {
  const found: number[] = [];
  if (schedule.type === 'until-done') return found;
  const next = nextIn(schedule);
  for (let due = next(from); due !== null && due <= to && found.length < limit; due = next(due)) found.push(due);
  return found;
}

/** How many due times lie in `(from, to]`; null where counting them is not worth the time. */
export function countDue(schedule: Schedule, from: number, to: number): number | null {
  if (schedule.type === 'every') {
    const upTo = (time: number) => Math.max(0, Math.floor((Math.min(time, lastTime) - schedule.from) / schedule.ms));
    return Math.max(0, upTo(to) - upTo(from));
  }
  const counted = dueBetween(schedule, from, to, mostCounted + 1).length;
  return counted > mostCounted ? null : counted;
}

/** What begins it is no time but something that happens; until then it waits. */
export function waitsForEvent({ type }: Schedule): boolean {
  return type === 'after' || type === 'after-change';
}

function trouble(schedule: Schedule, now: number): Fault | null {
  if (needsClock.has(schedule.type) && !isPlausible(now)) return fault('typed.clock', { date: new Date(now).toISOString().slice(0, 10) });
  switch (schedule.type) {
    case 'now':
    case 'after':
      return null;
    case 'after-change':
      return isAbsolute(schedule.path) ? null : fault('typed.path-relative', { path: schedule.path });
    case 'at':
      return schedule.at > now ? null : fault('typed.at-past', { time: new Date(schedule.at).toISOString() });
    case 'every':
      return lengthTrouble('interval', schedule.ms, 3660);
    case 'until-done':
      return lengthTrouble('pause', schedule.pauseMs, 30);
    case 'cron':
      return cronTrouble(schedule.pattern, schedule.zone, now);
  }
}

function lengthTrouble(what: 'interval' | 'pause', ms: number, days: number): Fault | null {
  if (ms < minute) return fault(`typed.${what}-short`, { seconds: ms / 1000 });
  return ms > days * day ? fault(`typed.${what}-long`, { days }) : null;
}

/** The pattern is read once, however many times are asked for. */
function nextIn(schedule: Schedule): (after: number) => number | null {
  switch (schedule.type) {
    case 'now':
    case 'after':
    case 'after-change':
      return () => null;
    case 'at':
      return (after) => (schedule.at > after ? schedule.at : null);
    case 'every':
      return (after) => inRange(schedule.from + Math.max(1, Math.floor((after - schedule.from) / schedule.ms) + 1) * schedule.ms);
    case 'cron': {
      const times = timesOf(schedule);
      return (after) => inRange(times.next(after));
    }
    case 'until-done':
      return (after) => inRange(after + schedule.pauseMs);
  }
}

function lastBy(schedule: Schedule, to: number): number | null {
  switch (schedule.type) {
    case 'now':
    case 'after':
    case 'after-change':
    case 'until-done':
      return null;
    case 'at':
      return schedule.at <= to ? schedule.at : null;
    case 'every': {
      const times = Math.floor((to - schedule.from) / schedule.ms);
      return times < 1 ? null : schedule.from + times * schedule.ms;
    }
    case 'cron':
      return timesOf(schedule).previous(to + 1);
  }
}

type Cron = Extract<Schedule, { type: 'cron' }>;
/** Only a memo, gone with the schedule: reading a pattern costs as much as finding its next time. */
const timesRead = new WeakMap<Cron, CronTimes>();

function timesOf(schedule: Cron): CronTimes {
  const known = timesRead.get(schedule);
  if (known !== undefined) return known;
  const zone = zoneOf(schedule.zone);
  // A zone may vanish with an update of the system's zone tables; that is rare enough to be a defect, told by whoever asked.
  if (zone === null) throw new Error(`no time zone ${schedule.zone}`);
  const times = createCronTimes(schedule.pattern, zone);
  timesRead.set(schedule, times);
  return times;
}

function inRange(due: number | null): number | null {
  return due !== null && due <= lastTime ? due : null;
}

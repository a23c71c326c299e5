// For tests: a computer whose clock, sleep and zone the test moves, and what the store does with due times, in memory.
import type { MissedPolicy, Schedule } from '../../electron/contract/schedule.ts';
import { rewind, type Settled, settle, uncovered } from '../../electron/schedule/missed.ts';
import { dueBetween, nextDue } from '../../electron/schedule/recurrence.ts';
import type { SchedulerParts, Trouble } from '../../electron/schedule/scheduler.ts';
import { isPlausible } from '../../electron/schedule/watch.ts';

export const begin = Date.UTC(2026, 10, 21, 8);

/** A computer whose clock can be set, that can sleep, and on which time passes only when told. */
export function createComputer(now = begin) {
  let [wall, elapsed, zone] = [now, 0, 'Europe/Berlin'];
  let timers: { at: number; fire: () => void }[] = [];
  return {
    now: () => wall,
    elapsed: () => elapsed,
    zone: () => zone,
    travel: (to: string) => {
      zone = to;
    },
    timers: () => timers.length,
    setTimer: (ms: number, fire: () => void) => {
      const timer = { at: elapsed + ms, fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    /** Time passes while the computer is awake. */
    pass(ms: number) {
      const until = elapsed + ms;
      for (let timer = soonest(timers); timer !== undefined && timer.at <= until; timer = soonest(timers)) {
        wall += Math.max(0, timer.at - elapsed);
        elapsed = Math.max(elapsed, timer.at);
        const { fire } = timer;
        timers = timers.filter((other) => other !== timer);
        fire();
      }
      wall += until - elapsed;
      elapsed = until;
    },
    /** Time passes, timers do not; on some systems the growing clock stands still too. */
    sleep(ms: number, countsSleep = false) {
      wall += ms;
      if (countsSleep) elapsed += ms;
    },
    set(time: number) {
      wall = time;
    },
  };
}

function soonest(timers: readonly { at: number; fire: () => void }[]) {
  return timers.reduce<{ at: number; fire: () => void } | undefined>((first, timer) => (first === undefined || timer.at < first.at ? timer : first), undefined);
}

type Row = { schedule: Schedule; policy: MissedPolicy; due: number | null; records: Settled[] };

/** What the store does, in memory: settles occurrences, and rewinds where the clock was set back. */
export function createWorld(computer: ReturnType<typeof createComputer>, schedules: Readonly<Record<number, [Schedule, MissedPolicy]>>) {
  const rows = new Map<number, Row>();
  for (const [task, [schedule, policy]] of Object.entries(schedules))
    rows.set(Number(task), { schedule, policy, due: nextDue(schedule, computer.now()), records: [] });
  const announced: { task: number; due: number; at: number }[] = [];
  const troubles: Trouble[] = [];
  const parts: SchedulerParts = {
    dueBy: (now) => [...rows].flatMap(([task, { due }]) => (due !== null && due <= now ? [{ task, due }] : [])).sort((a, b) => a.due - b.due),
    nextAfter: (now) =>
      [...rows.values()].reduce<number | null>((next, { due }) => (due !== null && due > now && (next === null || due < next) ? due : next), null),
    onDue: ({ task, due }, now) => {
      const row = rows.get(task);
      if (row === undefined || row.due !== due) throw new Error(`task ${task} is not due`);
      announced.push({ task, due, at: now });
      const { records, next } = settle(row.schedule, row.policy, due, now);
      const taken = row.records.map((record) => ({ due: record.due, until: endOf(record) })).sort((one, other) => one.due - other.due);
      row.records.push(...records.flatMap((record) => uncovered(row.schedule, record, taken)));
      row.due = next;
    },
    onTrouble: (trouble) => {
      troubles.push(trouble);
      if (trouble.type !== 'clock-moved' || trouble.ms > 0 || !isPlausible(computer.now())) return;
      const at = Math.max(computer.now(), begin);
      for (const row of rows.values()) {
        const ahead = row.records.filter((record) => endOf(record) > at);
        if (ahead.length === 0) continue;
        const back = rewind(row.schedule, ahead, at);
        row.records = [...row.records.filter((record) => endOf(record) <= at), ...back.records];
        row.due = back.next;
      }
    },
    now: computer.now,
    elapsed: computer.elapsed,
    zone: computer.zone,
    setTimer: computer.setTimer,
  };
  return { rows, announced, troubles, parts };
}

function endOf(record: Settled): number {
  return record.type === 'ran' ? record.due : record.until;
}

export function coveredBy({ schedule, records }: Row): number[] {
  return records.flatMap((record) => (record.type === 'ran' ? [record.due] : dueBetween(schedule, record.due - 1, record.until, 100_000)));
}

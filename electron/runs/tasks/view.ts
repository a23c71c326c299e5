// How a task looks to people: what it is for, when it is due, and how its latest run stands.
import type { MissedPolicy, Schedule } from '../../contract/schedule.ts';
import type { Task } from '../../contract/task.ts';
import { troubleOf } from '../../schedule/changes/kept.ts';
import { dueBetween } from '../../schedule/recurrence.ts';
import { localZone } from '../../schedule/time/zone.ts';
import { sayInWords } from '../../schedule/words.ts';
import type { Approve } from '../../tools/policy.ts';
import type { RunStore } from '../store.ts';

export type TaskRow = {
  readonly id: number;
  readonly conversation: number;
  readonly goal: string;
  readonly folder: string | null;
  readonly model: string | null;
  readonly approve: Approve;
  readonly schedule: string;
  readonly missed: string;
  /** `over`: the clock makes it due no more. */
  readonly state: 'active' | 'paused' | 'over' | 'removed';
  readonly nextDue: number | null;
  /** What was last seen of what it waits for; see schedule/changes/kept.ts. */
  readonly watch: string | null;
  /** Its place in the thread, among the ids of entries. */
  readonly placed: number;
  readonly createdAt: number;
};

const shownTimes = 3;

export function viewTask(runs: RunStore, row: TaskRow, now: number): Task {
  const schedule = JSON.parse(row.schedule) as Schedule;
  const run = runs.latestOfTask(row.id);
  const waits = row.state === 'active' || row.state === 'paused';
  const isOpen = run !== null && run.endedAt === null;
  const speech = { zone: localZone(), now };
  return {
    id: row.id,
    conversation: row.conversation,
    run: run?.id ?? null,
    goal: row.goal,
    folder: row.folder,
    model: row.model,
    schedule,
    words: { en: sayInWords(schedule, { ...speech, language: 'en' }), zh: sayInWords(schedule, { ...speech, language: 'zh' }) },
    missed: JSON.parse(row.missed) as MissedPolicy,
    next: row.state === 'active' ? upcoming(schedule, row.nextDue) : [],
    paused: row.state === 'paused',
    state: run === null || (waits && !isOpen) ? 'waiting' : run.state,
    waitingFor: run === null || (waits && !isOpen) ? 'time' : run.waitingFor,
    steps: run?.steps ?? 0,
    current: run?.current ?? '',
    unknownCalls: run?.unknownCalls ?? 0,
    createdAt: row.createdAt,
    startedAt: run?.startedAt ?? null,
    endedAt: waits ? null : (run?.endedAt ?? null),
    result: run === null || isOpen ? '' : (runs.entries.last(run.id, 'reply')?.body.text ?? ''),
    fault: troubleOf(schedule, row.watch) ?? run?.fault ?? null,
    usage: run?.usage ?? null,
  };
}

function upcoming(schedule: Schedule, next: number | null): number[] {
  return next === null ? [] : [next, ...dueBetween(schedule, next, Number.MAX_SAFE_INTEGER, shownTimes - 1)];
}

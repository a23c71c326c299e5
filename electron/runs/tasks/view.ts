// How a task looks to people: what it is for, when it is due, and how its latest run stands.
import type { Check } from '../../contract/acceptance.ts';
import type { Budget, Spent } from '../../contract/budget.ts';
import type { TaskGrant } from '../../contract/grant.ts';
import type { Plan } from '../../contract/plan.ts';
import type { MissedPolicy, Schedule } from '../../contract/schedule.ts';
import type { Task } from '../../contract/task.ts';
import { troubleOf } from '../../schedule/changes/kept.ts';
import { dueBetween } from '../../schedule/recurrence.ts';
import { localZone } from '../../schedule/time/zone.ts';
import { sayInWords } from '../../schedule/words.ts';
import type { Approve } from '../../tools/policy.ts';
import type { Run, RunStore } from '../store.ts';

export type TaskRow = {
  readonly id: number;
  readonly conversation: number;
  readonly goal: string;
  readonly folder: string | null;
  readonly model: string | null;
  readonly approve: Approve;
  readonly schedule: string;
  readonly missed: string;
  readonly checks: string;
  readonly grants: string;
  readonly budget: string;
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
const noPlan: Plan = { steps: [], constraints: [], obligations: [], checks: [] };

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
    checks: JSON.parse(row.checks) as Check[],
    grants: JSON.parse(row.grants) as TaskGrant[],
    budget: JSON.parse(row.budget) as Budget,
    spent: spentBy(run),
    plan: run === null ? noPlan : (runs.entries.last(run.id, 'planned')?.body.plan ?? noPlan),
    evidence: run === null ? [] : (runs.entries.last(run.id, 'checked')?.body.evidence ?? []),
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

/** What a run of the task must show at its end, and how long it pauses before the next round where it goes on until it is done. */
export type Wanted = { readonly checks: readonly Check[]; readonly pauseMs: number | null };

export function acceptanceOf(row: Pick<TaskRow, 'checks' | 'schedule'>): Wanted {
  const schedule = JSON.parse(row.schedule) as Schedule;
  return { checks: JSON.parse(row.checks) as Check[], pauseMs: schedule.type === 'until-done' ? schedule.pauseMs : null };
}

export function spentBy(run: Run | null): Spent {
  if (run === null) return { tokens: 0, minutes: 0, steps: 0 };
  const { usage, workedMs, steps, reserved, beside } = run;
  const tokens = (usage?.read ?? 0) + (usage?.written ?? 0) + reserved + beside.tokens;
  return { tokens, minutes: workedMs / 60_000 + beside.minutes, steps: steps + beside.steps };
}

function upcoming(schedule: Schedule, next: number | null): number[] {
  return next === null ? [] : [next, ...dueBetween(schedule, next, Number.MAX_SAFE_INTEGER, shownTimes - 1)];
}

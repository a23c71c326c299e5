// How a task looks to people: what it is for, when it is due, and how its latest run stands.
import type { Spent } from '../../contract/budget.ts';
import { noPlan } from '../../contract/plan.ts';
import type { Task } from '../../contract/task.ts';
import { troubleOf } from '../../schedule/changes/kept.ts';
import { dueBetween } from '../../schedule/recurrence.ts';
import { localZone } from '../../schedule/time/zone.ts';
import { sayInWords } from '../../schedule/words.ts';
import type { Approve } from '../../tools/policy.ts';
import type { Run, RunStore, Wanted } from '../store.ts';

/** A task as it stands on disk. */
export type TaskRow = Pick<Task, 'id' | 'conversation' | 'goal' | 'folder' | 'model' | 'schedule' | 'missed' | 'checks' | 'grants' | 'budget' | 'createdAt'> & {
  readonly approve: Approve;
  /** `over`: the clock makes it due no more. */
  readonly state: 'active' | 'paused' | 'over' | 'removed';
  readonly nextDue: number | null;
  /** What was last seen of what it waits for; see schedule/changes/kept.ts. */
  readonly watch: string | null;
  /** Its place in the thread, among the ids of entries. */
  readonly placed: number;
};

const shownTimes = 3;

export function viewTask(runs: RunStore, row: TaskRow, now: number): Task {
  const { approve: _approve, placed: _placed, state, nextDue, watch, ...own } = row;
  const { schedule } = own;
  const run = runs.latestOfTask(row.id);
  const waits = state === 'active' || state === 'paused';
  const isOpen = run !== null && run.endedAt === null;
  // Before the first step there is nothing of these.
  const last: RunStore['entries']['last'] = (id, type) => (run?.steps === 0 ? null : runs.entries.last(id, type));
  // To ask for the zone takes longer than all the rest.
  const speech = { zone: schedule.type === 'now' ? '' : localZone(), now };
  return {
    ...own,
    run: run?.id ?? null,
    words: { en: sayInWords(schedule, { ...speech, language: 'en' }), zh: sayInWords(schedule, { ...speech, language: 'zh' }) },
    spent: spentBy(run),
    plan: run === null ? noPlan : (last(run.id, 'planned')?.body.plan ?? noPlan),
    evidence: run === null ? [] : (last(run.id, 'checked')?.body.evidence ?? []),
    next: state === 'active' && nextDue !== null ? [nextDue, ...dueBetween(schedule, nextDue, Number.MAX_SAFE_INTEGER, shownTimes - 1)] : [],
    paused: state === 'paused',
    state: run === null || (waits && !isOpen) ? 'waiting' : run.state,
    waitingFor: run === null || (waits && !isOpen) ? 'time' : run.waitingFor,
    steps: run?.steps ?? 0,
    current: run?.current ?? '',
    unknownCalls: run?.unknownCalls ?? 0,
    startedAt: run?.startedAt ?? null,
    endedAt: waits ? null : (run?.endedAt ?? null),
    result: run === null || isOpen ? '' : (last(run.id, 'reply')?.body.text ?? ''),
    fault: troubleOf(schedule, watch) ?? run?.fault ?? null,
    usage: run?.usage ?? null,
  };
}

export function acceptanceOf({ checks, schedule }: TaskRow): Wanted {
  return { checks, pauseMs: schedule.type === 'until-done' ? schedule.pauseMs : null };
}

export function spentBy(run: Run | null): Spent {
  if (run === null) return { tokens: 0, minutes: 0, steps: 0 };
  const { usage, workedMs, steps, reserved, beside } = run;
  const tokens = (usage?.read ?? 0) + (usage?.written ?? 0) + reserved + beside.tokens;
  return { tokens, minutes: workedMs / 60_000 + beside.minutes, steps: steps + beside.steps };
}

// A task: something to be achieved in the background, shown as one card that changes in place.
import { z } from 'zod';
import { Check, Evidence } from './acceptance.ts';
import { Budget, Spent } from './budget.ts';
import { Fault } from './fault.ts';
import { TaskGrant } from './grant.ts';
import { ConversationId, ModelId, RunId, TaskId, Time } from './id.ts';
import { Plan } from './plan.ts';
import { RunState, Usage, WaitingFor } from './run.ts';
import { MissedPolicy, Schedule } from './schedule.ts';

/** What a task keeps to, as a person types it or a model writes it. Code reads each word; what can't be read is refused in a sentence. */
export const TypedTask = z.object({
  at: z.string().optional(),
  every: z.string().optional(),
  cron: z.string().optional(),
  /** For `cron`, and for an `at` that names no zone; the person's own where left out. */
  zone: z.string().optional(),
  /** A task, as `t5` or `5`, or the path of a file or folder. */
  after: z.string().optional(),
  /** Where a path to wait for begins. */
  folder: z.string().optional(),
  /** True, or the pause between rounds. */
  untilDone: z.union([z.string(), z.boolean()]).optional(),
  missed: z.string().optional(),
  checks: z.array(z.string()).max(100).default([]),
  grants: z.array(z.string()).max(100).default([]),
});
export type TypedTask = z.infer<typeof TypedTask>;

export const ReadTask = z.object({
  schedule: Schedule,
  missed: MissedPolicy,
  checks: z.array(Check),
  grants: z.array(TaskGrant),
  /** The schedule as people say it, and the next times it is due: three at most. */
  words: z.object({ en: z.string(), zh: z.string() }),
  next: z.array(Time),
});
export type ReadTask = z.infer<typeof ReadTask>;

export const Task = z.object({
  id: TaskId,
  conversation: ConversationId,
  /** The run that works on it now, or that did last; null before the first. */
  run: RunId.nullable(),
  goal: z.string(),
  folder: z.string().nullable(),
  model: ModelId.nullable(),
  schedule: Schedule,
  /** The schedule as people say it. */
  words: z.object({ en: z.string(), zh: z.string() }),
  missed: MissedPolicy,
  /** What must hold when it is done; the person's own, or empty. */
  checks: z.array(Check),
  grants: z.array(TaskGrant),
  budget: Budget,
  spent: Spent,
  plan: Plan,
  /** Of the newest round of checks of its run; empty before. */
  evidence: z.array(Evidence),
  /** The next times it is due, three at most; none while it is paused. */
  next: z.array(Time),
  paused: z.boolean(),
  /** The state of its run; one that is due again waits for that time. */
  state: RunState,
  waitingFor: WaitingFor.nullable(),
  /** Model replies and calls so far, and what the last call was about. */
  steps: z.number().int(),
  current: z.string(),
  /** Calls of which it is not known whether they happened. */
  unknownCalls: z.number().int(),
  createdAt: Time,
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
  result: z.string(),
  fault: Fault.nullable(),
  usage: Usage.nullable(),
});
export type Task = z.infer<typeof Task>;

// When a task is due, and what becomes of due times that passed while nobody watched.
import { z } from 'zod';
import { TaskId } from './id.ts';

/** Nothing is due after the year 9999. */
export const lastTime = Date.UTC(9999, 11, 31, 23, 59, 59);
const Instant = z.number().int().min(0).max(lastTime);

export const Schedule = z.discriminatedUnion('type', [
  z.object({ type: z.literal('now') }),
  z.object({ type: z.literal('at'), at: Instant }),
  /** Due at `from + ms`, `from + 2 ms` and so on, whatever the clocks on the walls do. */
  z.object({ type: z.literal('every'), ms: z.number().int().positive(), from: Instant }),
  z.object({ type: z.literal('cron'), pattern: z.string().max(200), zone: z.string().max(100) }),
  /** Goes on until its checks pass; the next round is due this long after the end of the one before. */
  z.object({ type: z.literal('until-done'), pauseMs: z.number().int().positive() }),
  z.object({ type: z.literal('after'), task: TaskId }),
  /** Each time this file or folder (an absolute path) appears or changes, and has come to rest. */
  z.object({ type: z.literal('after-change'), path: z.string().min(1).max(4096) }),
]);
export type Schedule = z.infer<typeof Schedule>;

export const MissedPolicy = z.discriminatedUnion('type', [
  z.object({ type: z.literal('skip') }),
  /** The latest missed time runs, the others are merged into it. */
  z.object({ type: z.literal('once') }),
  /** Each runs, up to the latest hundred. */
  z.object({ type: z.literal('all') }),
  /** As `once`, but only for times missed by at most this much. */
  z.object({ type: z.literal('within'), ms: z.number().int().positive() }),
]);
export type MissedPolicy = z.infer<typeof MissedPolicy>;

/** What became of the due times from `due` to `until`, both included. `count` is null where there were too many to count. */
export const Firing = z.object({
  task: TaskId,
  due: z.number().int(),
  until: z.number().int(),
  count: z.number().int().nullable(),
  outcome: z.enum(['ran', 'skipped', 'merged']),
  /**
   * For one that was skipped: `missed`, `too-late`, `paused`, `busy`, or of what it waits for `gone` or `unreadable`; for one that ran: `by-hand`, or
   * empty.
   */
  why: z.string(),
  run: z.number().int().nullable(),
});
export type Firing = z.infer<typeof Firing>;

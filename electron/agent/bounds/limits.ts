// Bounds that end trouble early. Pure: from what has been recorded to the fault that ends the run or parks it, or null.

import type { Effect } from '../../contract/entry.ts';
import { type Fault, fault } from '../../contract/fault.ts';
import type { Progress } from '../progress.ts';

export const turnLimits = {
  /** Model replies in one run, since the person last let it go on. */
  steps: 2_000,
  /** Identical calls with identical results in a row. */
  repeats: 5,
  /** Two calls by turns, with identical results: so many rounds. */
  rounds: 5,
  /** Replies in a row after which nothing new was found out, done or planned. */
  idleSteps: 30,
  /** Calls that only read, and idle steps, count once they have also gone on for this long, in milliseconds. */
  patienceMs: 60_000,
  emptyReplies: 2,
  /** Calls in a row that can't be read. */
  malformedCalls: 3,
};
export type Limits = Readonly<typeof turnLimits>;
export const taskLimits: Limits = { ...turnLimits, steps: 20_000 };

/** What a tool does to the world: a call that changes something is repeated less patiently than one that reads. */
export type EffectOf = (tool: string) => Effect;

export function limitReached(progress: Progress, limits: Limits, effectOf: EffectOf, now: number): Fault | null {
  if (progress.steps - progress.resumedAt >= limits.steps) return fault('run.step-limit', { steps: limits.steps });
  if (progress.emptyReplies >= limits.emptyReplies) return fault('run.empty-replies', { times: progress.emptyReplies }, { retry: true });
  if (progress.malformedCalls >= limits.malformedCalls) return fault('model.malformed-calls', {}, { retry: true });
  return inCircles(progress, limits, effectOf, now);
}

/** What to tell the model before it comes to that; null where there is nothing to tell, or it was told already. */
export function warning(progress: Progress, limits: Limits, effectOf: EffectOf, now: number): string | null {
  if (progress.warned) return null;
  const { repeats, rounds, idleSteps, patienceMs } = limits;
  const sooner = { ...limits, repeats: repeats - 2, rounds: rounds - 2, idleSteps: Math.ceil(idleSteps / 2), patienceMs: patienceMs / 2 };
  const trouble = inCircles(progress, sooner, effectOf, now);
  if (trouble === null) return null;
  return `${trouble.message} This leads nowhere. Try one different approach; if there is none, say what stands in the way. If this goes on, you will be stopped.`;
}

function inCircles({ repeated, alternated, advanced, steps }: Progress, limits: Limits, effectOf: EffectOf, now: number): Fault | null {
  const changes = (key: string): boolean => effectOf(toolOf(key)) !== 'none';
  const isLong = (since: number): boolean => now - since >= limits.patienceMs;
  const { key, times } = repeated;
  if (times >= limits.repeats && (changes(key) || isLong(repeated.since))) return fault('run.repeats', { tool: toolOf(key), times });
  const { before, last, calls } = alternated;
  const rounds = Math.floor(calls / 2) + 1;
  if (rounds >= limits.rounds && (changes(before) || changes(last) || isLong(alternated.since)))
    return fault('run.ping-pong', { first: toolOf(before), second: toolOf(last), rounds });
  const idle = steps - advanced.step;
  return idle >= limits.idleSteps && isLong(advanced.at) ? fault('run.no-progress', { steps: idle }) : null;
}

function toolOf(key: string): string {
  return key.slice(0, key.indexOf(' '));
}

// Bounds that end trouble early. Pure: from what has been recorded to the fault that ends the run, or null.

import type { Effect } from '../contract/entry.ts';
import { type Fault, fault } from '../contract/fault.ts';
import type { Progress } from './progress.ts';

export type Limits = {
  /** Model replies in one run. */
  readonly steps: number;
  /** Identical calls with identical results in a row. */
  readonly repeats: number;
  /** Identical calls that only read end the run once they have also gone on for this long, in milliseconds. */
  readonly repeatsMs: number;
  readonly emptyReplies: number;
  /** Calls in a row that can't be read. */
  readonly malformedCalls: number;
};

export const turnLimits: Limits = { steps: 2_000, repeats: 5, repeatsMs: 60_000, emptyReplies: 2, malformedCalls: 3 };
export const taskLimits: Limits = { ...turnLimits, steps: 20_000 };

/** `effectOf` tells what a tool does to the world; a call that changes something is repeated less patiently than one that reads. */
export function limitReached(progress: Progress, limits: Limits, effectOf: (tool: string) => Effect, now: number): Fault | null {
  if (progress.steps >= limits.steps) return fault('run.step-limit', { steps: limits.steps });
  if (progress.emptyReplies >= limits.emptyReplies) return fault('run.empty-replies', { times: progress.emptyReplies }, { retry: true });
  if (progress.malformedCalls >= limits.malformedCalls) return fault('model.malformed-calls', {}, { retry: true });
  const { key, times, since } = progress.repeated;
  const tool = key.slice(0, key.indexOf(' '));
  const tooLong = effectOf(tool) !== 'none' || now - since >= limits.repeatsMs;
  return times >= limits.repeats && tooLong ? fault('run.repeats', { tool, times }) : null;
}

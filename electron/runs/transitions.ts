// The one state machine: which state may follow which. Nothing else in the house decides that; the file's own constraint says the same.
import type { RunState, WaitingFor } from '../contract/run.ts';

/** Ended states have no successor. */
export const successors = {
  queued: ['running', 'waiting', 'stopped', 'failed'],
  running: ['queued', 'waiting', 'done', 'failed', 'stopped', 'unknown'],
  waiting: ['queued', 'stopped', 'failed'],
  done: [],
  failed: [],
  stopped: [],
  unknown: [],
} as const satisfies Readonly<Record<RunState, readonly RunState[]>>;

export type Ended = Extract<RunState, 'done' | 'failed' | 'stopped' | 'unknown'>;
export type Open = Exclude<RunState, Ended>;
/** The states that may follow: a change that names any other does not compile. */
export type Successor<From extends Open> = (typeof successors)[From][number];

export type Change<To extends RunState = RunState> = To extends 'waiting'
  ? { readonly to: To; readonly for: WaitingFor /** When to go on by itself, in milliseconds since 1970. */; readonly wakeAt?: number }
  : { readonly to: To };

export function isEnded(state: RunState): state is Ended {
  return successors[state].length === 0;
}

/** Throws where the change is not allowed: that is a defect of ours, never something a person can cause. */
export function requireTransition(from: RunState, to: RunState): void {
  if (!(successors[from] as readonly RunState[]).includes(to)) throw new Error(`a run can not go from ${from} to ${to}`);
}

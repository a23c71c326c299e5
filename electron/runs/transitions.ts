// The one state machine: which state may follow which. Nothing else in the house decides that.
import type { RunState, WaitingFor } from '../contract/run.ts';

/** Ended states have no successor. */
const successors: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'waiting', 'stopped', 'failed'],
  running: ['queued', 'waiting', 'done', 'failed', 'stopped', 'unknown'],
  waiting: ['queued', 'stopped', 'failed'],
  done: [],
  failed: [],
  stopped: [],
  unknown: [],
};

export type Ended = Extract<RunState, 'done' | 'failed' | 'stopped' | 'unknown'>;
export type Change =
  | { readonly to: 'queued' }
  | { readonly to: 'running' }
  | { readonly to: 'waiting'; readonly for: WaitingFor /** When to go on by itself, in milliseconds since 1970. */; readonly wakeAt?: number }
  | { readonly to: Ended };

export function isEnded(state: RunState): state is Ended {
  return successors[state].length === 0;
}

/** Throws where the change is not allowed: that is a defect of ours, never something a person can cause. */
export function requireTransition(from: RunState, to: RunState): void {
  if (!successors[from].includes(to)) throw new Error(`a run can not go from ${from} to ${to}`);
}

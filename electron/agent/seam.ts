// What the loop needs from the rest of the house, handed in: it knows no database, no window and no Electron.

import type { Check, Evidence } from '../contract/acceptance.ts';
import type { Entry, EntryBody } from '../contract/entry.ts';
import type { Event } from '../contract/event.ts';
import type { Fault } from '../contract/fault.ts';
import type { ApprovalId } from '../contract/id.ts';
import type { Lane } from '../contract/run.ts';
import type { Model } from '../models/model.ts';
import type { Decision } from '../tools/policy.ts';
import type { CallPlace, Preview, Tool } from '../tools/tool.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { Purse } from './bounds/budget.ts';
import type { Limits } from './bounds/limits.ts';
import type { Context } from './context.ts';
import { advance, type PendingCall, type Progress } from './progress.ts';

type WithoutOrigin<E> = E extends unknown ? Omit<E, 'run' | 'conversation' | 'task'> : never;
type Told = 'run.phase' | 'text.added' | 'thought.added' | 'text.withdrawn' | 'step.ended' | 'call.changed' | 'run.noticed';
/** What happens while the loop runs, in order; whose it is comes later. Listeners must not throw. */
export type LoopEvent = WithoutOrigin<Extract<Event, { type: Told }>>;

/** What a task must show before it is done; null for a turn, which ends with its answer. */
export type Acceptance = {
  /** The person's own; where there are none, those of the plan count, and where it has none, a judgement. */
  readonly checks: readonly Check[];
  /** Milliseconds until the next round where the task goes on until it is done; null where it may fail. */
  readonly pauseMs: number | null;
  /** Rejects only where the signal aborted. */
  runCheck(check: Check): Promise<Evidence>;
  /** Everything recorded of the run. */
  entries(): readonly Entry[];
};

export type Surroundings = {
  readonly lane: Lane;
  /** Requests with the same key share a prefix in a local model's cache. */
  readonly sequence: string;
  readonly model: Model;
  /** What stands before all messages; with the tools the byte-stable prefix. */
  readonly system: string;
  readonly toolbox: Toolbox;
  readonly place: CallPlace;
  readonly progress: Progress;
  readonly context: Context;
  /** Tokens of the prefix, of the messages that fit beside it (`context` keeps to them), and those left for a reply. */
  readonly room: { readonly prefix: number; readonly messages: number; readonly reply: number };
  readonly limits: Limits;
  readonly acceptance: Acceptance | null;
  now(): number;
  /** Writes entries in one commit; they are on disk when it returns. Throws where the run was taken over by another claim. */
  record(bodies: readonly EntryBody[]): readonly Entry[];
  /** The rules, in code: may this call run? */
  permit(tool: Tool, preview: Preview): Decision;
  /** Puts a call to the person: writes the approval and its `asked` entry in one commit and returns that entry. */
  ask(pending: PendingCall, preview: Preview, hash: string): Entry;
  /** The hash of what the person was shown. */
  shown(approval: ApprovalId): string;
  /** Messages that joined the run since the last time, already recorded. */
  takeMessages(): readonly Entry[];
  /** The budget as it stands now; null where there is none. The person may change it while the run works. */
  purse(): Purse | null;
  /** Sets tokens aside before a call. On disk when it returns; a reply that is recorded settles it. */
  reserve(tokens: number): void;
  /** For a call that leaves no reply: so many tokens were used. */
  settle(tokens: number): void;
  /** Why the work can't go on at the moment, whatever the model does; null where it can. */
  obstacle(): Fault | null;
  /** Asks the person, with a report, whether the run may go on: writes the question and its `parked` entry in one commit and returns that entry. */
  park(about: 'budget' | 'trouble', trouble: Fault): Entry;
  emit(event: LoopEvent): void;
};

export type LoopEnd =
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly fault: Fault }
  /** Nobody could tell whether the goal was reached. */
  | { readonly type: 'unknown'; readonly fault: Fault }
  /** For an answer to a call, for an answer about the run itself, or until a time. */
  | { readonly type: 'waiting'; readonly for: 'approval' | 'answer' }
  | { readonly type: 'waiting'; readonly for: 'time'; readonly wakeAt: number }
  /** The signal aborted: stopped by the person, or Nacre is closing. */
  | { readonly type: 'aborted' };

/** Records, then takes into account what was recorded: the journal first, then the loop's own state. */
export function put(around: Surroundings, ...bodies: EntryBody[]): void {
  take(around, around.record(bodies));
}

/** Takes recorded entries into the loop's state: the progress and the view. */
export function take(around: Pick<Surroundings, 'progress' | 'context'>, entries: readonly Entry[]): void {
  for (const entry of entries) {
    advance(around.progress, entry);
    around.context.add(entry, 'turn');
  }
}

// The one state machine, as the window and the command line see it.
import { z } from 'zod';
import { Fault } from './fault.ts';
import { ConversationId, ModelId, RunId, TaskId, Time } from './id.ts';

export const RunState = z.enum(['queued', 'running', 'waiting', 'done', 'failed', 'stopped', 'unknown']);
export type RunState = z.infer<typeof RunState>;
export const WaitingFor = z.enum(['approval', 'answer', 'time', 'network', 'model']);
export type WaitingFor = z.infer<typeof WaitingFor>;
export const Lane = z.enum(['chat', 'waiting', 'background']);
export type Lane = z.infer<typeof Lane>;
export const Outcome = z.enum(['done', 'failed', 'stopped', 'unknown']);
export type Outcome = z.infer<typeof Outcome>;

/** Tokens and time of one reply, or their sum over a run. `read` counts prompt tokens evaluated, `reused` those found in the cache. */
export const Usage = z.object({
  model: z.string(),
  where: z.enum(['local', 'remote', 'scripted']),
  read: z.number().int(),
  reused: z.number().int(),
  written: z.number().int(),
  /** Milliseconds from the request to the first token, and from there to the end. */
  prefillMs: z.number(),
  decodeMs: z.number(),
});
export type Usage = z.infer<typeof Usage>;

/** Why work in the background waits although it could go on: to spare the battery, to let the computer cool down, or in the person's quiet hours. */
export const Rest = z.enum(['battery', 'heat', 'quiet']);
export type Rest = z.infer<typeof Rest>;

/** What the assistant is doing right now, for the typing indicator. */
export const Phase = z.discriminatedUnion('type', [
  z.object({ type: z.literal('queued') }),
  z.object({ type: z.literal('loading'), /** 0–1 */ progress: z.number() }),
  z.object({ type: z.literal('reading'), tokens: z.number().int() }),
  z.object({ type: z.literal('thinking') }),
  z.object({ type: z.literal('writing') }),
  z.object({ type: z.literal('calling'), tool: z.string(), title: z.string() }),
  z.object({ type: z.literal('checking') }),
  z.object({ type: z.literal('retrying'), seconds: z.number() }),
  z.object({ type: z.literal('waiting'), for: WaitingFor }),
]);
export type Phase = z.infer<typeof Phase>;

export const RunView = z.object({
  id: RunId,
  conversation: ConversationId,
  task: TaskId.nullable(),
  kind: z.enum(['turn', 'task']),
  lane: Lane,
  state: RunState,
  waitingFor: WaitingFor.nullable(),
  model: ModelId.nullable(),
  steps: z.number().int(),
  createdAt: Time,
  endedAt: Time.nullable(),
  text: z.string(),
  fault: Fault.nullable(),
  usage: Usage.nullable(),
});
export type RunView = z.infer<typeof RunView>;

/** A run as its entries tell it, and where that is not what is stored of it: then one of the two is wrong. */
export const Replay = z.object({
  entries: z.number().int(),
  /** What the run would do next, in a word. */
  next: z.string(),
  derived: z.record(z.string(), z.unknown()),
  differences: z.array(z.object({ what: z.string(), stored: z.unknown(), derived: z.unknown() })),
});
export type Replay = z.infer<typeof Replay>;

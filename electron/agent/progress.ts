// Where a run stands, folded from its journal entries: the same fold drives the live loop, the resume after a crash, and replay.
import type { Entry, EntryBody, EntryOf, ToolCall } from '../contract/entry.ts';
import type { ApprovalId, EntryId } from '../contract/id.ts';

export type PendingCall = {
  readonly call: ToolCall;
  /** Written before the effect and not followed by an outcome: the call may have happened. */
  intent: EntryOf<'intent'> | null;
  asked: ApprovalId | null;
  answer: EntryOf<'answered'>['answer'] | null;
};

export type Progress = {
  /** Model replies so far. */
  steps: number;
  /** The newest message, and the newest that the model has been shown. */
  heard: EntryId;
  seen: EntryId;
  /** The newest reply, if there was one, and those of its calls that have no outcome yet, in order. */
  reply: EntryOf<'reply'> | null;
  pending: PendingCall[];
  emptyReplies: number;
  malformedCalls: number;
  /** The last call and how often it came in a row with the same result, since when. */
  repeated: { key: string; output: string; times: number; since: number };
  unknownCalls: number;
  ended: EntryOf<'ended'> | null;
};

export type Next =
  | { readonly type: 'ask-model' }
  | { readonly type: 'skip'; readonly calls: readonly ToolCall[] }
  | { readonly type: 'call'; readonly call: PendingCall }
  | { readonly type: 'settle'; readonly call: PendingCall }
  | { readonly type: 'wait'; readonly approval: ApprovalId }
  | { readonly type: 'finish' };

export function newProgress(): Progress {
  return {
    steps: 0,
    heard: 0,
    seen: 0,
    reply: null,
    pending: [],
    emptyReplies: 0,
    malformedCalls: 0,
    repeated: { key: '', output: '', times: 0, since: 0 },
    unknownCalls: 0,
    ended: null,
  };
}

/** Takes one more entry into account. */
export function advance(progress: Progress, entry: Entry): void {
  const { body } = entry;
  if (body.type === 'message') progress.heard = entry.id;
  else if (body.type === 'reply') takeReply(progress, body);
  else if (body.type === 'ended') progress.ended = body;
  else takeCallEntry(progress, body, entry.at);
}

/** What to do now. Pure: the answer depends only on what has been recorded. */
export function nextStep(progress: Progress): Next {
  const [first] = progress.pending;
  if (first !== undefined) {
    if (first.intent !== null) return { type: 'settle', call: first };
    // The person said something after the reply that asked for these calls: the model must read it before it acts.
    if (progress.heard > progress.seen) return { type: 'skip', calls: progress.pending.map(({ call }) => call) };
    if (first.asked !== null && first.answer === null) return { type: 'wait', approval: first.asked };
    return { type: 'call', call: first };
  }
  const reply = progress.reply;
  if (reply === null || progress.heard > progress.seen || reply.calls.length > 0 || reply.text.trim() === '') return { type: 'ask-model' };
  return { type: 'finish' };
}

function takeReply(progress: Progress, reply: EntryOf<'reply'>): void {
  progress.steps += 1;
  progress.reply = reply;
  progress.seen = reply.seen;
  progress.pending = reply.calls.map((call) => ({ call, intent: null, asked: null, answer: null }));
  progress.emptyReplies = reply.calls.length === 0 && reply.text.trim() === '' ? progress.emptyReplies + 1 : 0;
}

function takeCallEntry(progress: Progress, body: EntryBody, at: number): void {
  if (!('call' in body)) return;
  const index = progress.pending.findIndex(({ call }) => call.id === body.call);
  const pending = progress.pending[index];
  if (pending === undefined) return;
  if (body.type === 'intent') pending.intent = body;
  else if (body.type === 'asked') Object.assign(pending, { asked: body.approval, answer: null });
  else if (body.type === 'answered') pending.answer = body.answer;
  else {
    progress.pending.splice(index, 1);
    takeOutcome(progress, pending.call, body as EntryOf<'outcome'>, at);
  }
}

function takeOutcome(progress: Progress, call: ToolCall, outcome: EntryOf<'outcome'>, at: number): void {
  if (outcome.status === 'unknown') progress.unknownCalls += 1;
  progress.malformedCalls = outcome.malformed === true ? progress.malformedCalls + 1 : 0;
  const key = `${call.tool} ${call.arguments}`;
  const last = progress.repeated;
  const same = last.key === key && last.output === outcome.output;
  progress.repeated = same ? { ...last, times: last.times + 1 } : { key, output: outcome.output, times: 1, since: at };
}

// Where a run stands, folded from its journal entries: the same fold drives the live loop, the resume after a crash, and replay.
import { createHash } from 'node:crypto';
import type { Entry, EntryBody, EntryOf, ToolCall } from '../contract/entry.ts';
import { type Fault, fault } from '../contract/fault.ts';
import type { ApprovalId, EntryId } from '../contract/id.ts';
import { noPlan } from '../contract/plan.ts';

export type PendingCall = {
  readonly call: ToolCall;
  /** Written before the effect and not followed by an outcome: the call may have happened. */
  intent: EntryOf<'intent'> | null;
  asked: ApprovalId | null;
  answer: Answer | null;
  /** What the person, or code in their place, said with the answer. */
  said?: string | undefined;
};

export type Progress = ReturnType<typeof newProgress>;

export type Next =
  | { readonly type: 'ask-model' }
  | { readonly type: 'skip'; readonly calls: readonly ToolCall[] }
  | { readonly type: 'call'; readonly call: PendingCall }
  | { readonly type: 'settle'; readonly call: PendingCall }
  | { readonly type: 'wait'; readonly for: 'approval' | 'answer' }
  | { readonly type: 'rest'; readonly until: number }
  /** The model says that it has finished: see whether that is so. */
  | { readonly type: 'verify' }
  | { readonly type: 'give-up'; readonly fault: Fault }
  | { readonly type: 'finish' };

const dayMs = 86_400_000;

type Answer = EntryOf<'answered'>['answer'];
type Parked = { readonly approval: ApprovalId; readonly about: 'budget' | 'trouble'; readonly fault: Fault; answer: Answer | null };

export function newProgress() {
  return {
    /** Model replies so far. */
    steps: 0,
    /** The newest message, and the newest that the model has been shown. */
    heard: 0 as EntryId,
    seen: 0 as EntryId,
    /** The newest reply, if there was one, and those of its calls that have no outcome yet, in order. */
    reply: null as EntryOf<'reply'> | null,
    pending: [] as PendingCall[],
    ...untroubled(0, 0),
    /** What was found out so far, as hashes. */
    found: new Set<string>(),
    /** True once the run was told that its budget is nearly spent. */
    budgetWarned: false,
    /** How often the person let it go on with the same budget once more, and the step at which they last let it go on at all. */
    extensions: 0,
    resumedAt: 0,
    unknownCalls: 0,
    /** How many calls in a row ended without anyone knowing whether they happened, since the person last let it go on. */
    cutOff: 0,
    plan: noPlan,
    /** The newest round of checks since the newest reply, and how many have failed in a row since the person last let the run go on. */
    checked: null as EntryOf<'checked'> | null,
    failedRounds: 0,
    /** The open question about the run itself, and its answer. */
    parked: null as Parked | null,
    /** Nothing happens before this time, in milliseconds since 1970; and when that was said, by the clock of that time. */
    restUntil: 0,
    restFrom: 0,
    ended: null as EntryOf<'ended'> | null,
  };
}

/** Takes one more entry into account. */
export function advance(progress: Progress, entry: Entry): void {
  const { body } = entry;
  switch (body.type) {
    case 'message':
      // Whatever the person says lets a run go on that stood still.
      Object.assign(progress, { heard: entry.id, parked: null, cutOff: 0, ...untroubled(progress.steps, entry.at) });
      break;
    case 'told':
      progress.heard = entry.id;
      if (body.about === 'limit') progress.warned = true;
      if (body.about === 'budget') progress.budgetWarned = true;
      break;
    case 'notice':
      if (body.fault.code === 'model.engine-died') progress.engineDeaths += 1;
      break;
    case 'reply':
      takeReply(progress, body);
      break;
    case 'planned':
      if (JSON.stringify(progress.plan) !== JSON.stringify(body.plan)) progress.advanced = { step: progress.steps, at: entry.at };
      progress.plan = body.plan;
      break;
    case 'checked':
      progress.checked = body;
      progress.failedRounds = body.ok ? 0 : progress.failedRounds + 1;
      break;
    case 'resting':
      // To look again after a pause is no trouble.
      Object.assign(progress, { restUntil: body.until, restFrom: entry.at, ...untroubled(progress.steps, entry.at) });
      break;
    case 'parked':
      progress.parked = { ...body, answer: null };
      break;
    case 'ended':
      progress.ended = body;
      break;
    default:
      if (body.type === 'answered' && progress.parked?.approval === body.approval) takeAnswer(progress, progress.parked, body.answer, entry.at);
      else takeCallEntry(progress, body, entry.at);
  }
}

export function progressOf(entries: readonly Entry[]): Progress {
  const progress = newProgress();
  for (const entry of entries) advance(progress, entry);
  return progress;
}

type BegunCall = { readonly call: ToolCall; intent: EntryOf<'intent'> | null; wasAsked: boolean };
export type EndedCall = Readonly<BegunCall> & { readonly outcome: EntryOf<'outcome'>; readonly at: number };

/** The calls that have an outcome, in the order of their outcomes. */
export function endedCalls(entries: readonly Entry[]): EndedCall[] {
  const begun = new Map<string, BegunCall>();
  return entries.flatMap(({ at, body }): EndedCall[] => {
    if (body.type === 'reply') for (const call of body.calls) begun.set(call.id, { call, intent: null, wasAsked: false });
    const one = 'call' in body ? begun.get(body.call) : undefined;
    if (one === undefined) return [];
    if (body.type === 'intent') one.intent = body;
    if (body.type === 'asked') one.wasAsked = true;
    return body.type === 'outcome' ? [{ ...one, outcome: body, at }] : [];
  });
}

/** What to do now. Pure: the answer depends only on what has been recorded, on the time, and on whether the run must show that it is done. */
export function nextStep(progress: Progress, now: number, mustVerify: boolean): Next {
  const [first] = progress.pending;
  if (progress.parked !== null && (first?.intent ?? null) === null) {
    return progress.parked.answer === 'deny' ? { type: 'give-up', fault: progress.parked.fault } : { type: 'wait', for: 'answer' };
  }
  if (first !== undefined) {
    if (first.intent !== null) return { type: 'settle', call: first };
    // The person said something after the reply that asked for these calls: the model must read it before it acts.
    if (progress.heard > progress.seen) return { type: 'skip', calls: progress.pending.map(({ call }) => call) };
    if (first.asked !== null && first.answer === null) return { type: 'wait', for: 'approval' };
    return { type: 'call', call: first };
  }
  // A clock that has been set back by more than a day since would put the work off for as long as it was wrong.
  if (progress.restUntil > now && progress.restFrom <= now + dayMs) return { type: 'rest', until: progress.restUntil };
  const reply = progress.reply;
  if (reply === null || progress.heard > progress.seen || reply.calls.length > 0 || reply.text.trim() === '') return { type: 'ask-model' };
  if (!mustVerify || progress.checked?.ok === true) return { type: 'finish' };
  if (progress.checked === null) return { type: 'verify' };
  return { type: 'give-up', fault: fault('task.not-accepted', { times: progress.failedRounds }, { retry: true }) };
}

/** Where the person lets the run go on, what ended it is forgotten. */
function takeAnswer(progress: Progress, parked: Parked, answer: Answer, at: number): void {
  parked.answer = answer;
  if (answer === 'deny') return;
  if (parked.about === 'budget') Object.assign(progress, { extensions: progress.extensions + 1, budgetWarned: false });
  Object.assign(progress, { parked: null, failedRounds: 0, cutOff: 0, resumedAt: progress.steps, ...untroubled(progress.steps, at) });
}

function untroubled(step: number, at: number) {
  return {
    emptyReplies: 0,
    malformedCalls: 0,
    /** The last call and how often it came in a row with the same result, since when. */
    repeated: { key: '', output: '', times: 0, since: 0 },
    /** The last call and the one before, and how many calls in a row were like the last but one, with the same result, since when. */
    alternated: { before: '', last: '', calls: 0, since: 0 },
    /** The step and the time at which something new was last found out, done or planned. */
    advanced: { step, at },
    /** True once the run was told of trouble that still goes on. */
    warned: false,
    /** How often the engine died since the newest reply. */
    engineDeaths: 0,
  };
}

function takeReply(progress: Progress, reply: EntryOf<'reply'>): void {
  progress.steps += 1;
  progress.engineDeaths = 0;
  progress.reply = reply;
  progress.checked = null;
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
  else if (body.type === 'answered') Object.assign(pending, { answer: body.answer, said: body.said });
  else {
    progress.pending.splice(index, 1);
    takeOutcome(progress, pending, body as EntryOf<'outcome'>, at);
  }
}

function takeOutcome(progress: Progress, { call, intent }: PendingCall, outcome: EntryOf<'outcome'>, at: number): void {
  if (outcome.status === 'unknown') progress.unknownCalls += 1;
  progress.cutOff = outcome.status === 'unknown' ? progress.cutOff + 1 : 0;
  progress.malformedCalls = outcome.malformed === true ? progress.malformedCalls + 1 : 0;
  const key = `${call.tool} ${call.arguments}`;
  const last = progress.repeated;
  const same = last.key === key && last.output === outcome.output;
  progress.repeated = same ? { ...last, times: last.times + 1 } : { key, output: outcome.output, times: 1, since: at };
  const content = createHash('sha256').update(outcome.output).digest('base64');
  const { before, last: latest, calls, since } = progress.alternated;
  const mark = `${key} ${content}`;
  const again = mark === before && mark !== latest;
  progress.alternated = { before: latest, last: mark, calls: again ? calls + 1 : 0, since: again ? since : at };
  const advances = !progress.found.has(content) || (intent !== null && outcome.status === 'done');
  progress.found.add(content);
  if (advances) progress.advanced = { step: progress.steps, at };
  if (advances && !same && !again) progress.warned = false;
}

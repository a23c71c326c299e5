// What a thread shows: its items and what is streaming into them. Pure: a state and an event give the next state.
import type { CallView, MessagePart, ThreadItem } from '../../electron/contract/conversation.ts';
import type { Event } from '../../electron/contract/event.ts';
import type { Fault } from '../../electron/contract/fault.ts';
import type { RunId } from '../../electron/contract/id.ts';
import type { Phase, RunState } from '../../electron/contract/run.ts';

export type AnswerItem = Extract<ThreadItem, { type: 'answer' }>;
export type SaidItem = Extract<ThreadItem, { type: 'said' }>;

/** What a run of this thread is doing, and since when (ms). */
export interface Live {
  readonly phase: Phase;
  readonly since: number;
}

/** A message on its way: shown at once, gone when the journal's own item arrives. */
export interface Pending {
  readonly key: string;
  readonly text: string;
  readonly background: boolean;
  readonly message: number | null;
  readonly fault: Fault | null;
}

export type ThreadState = Readonly<typeof emptyThread>;

export const emptyThread = {
  /** By rising `order`. */
  items: [] as readonly ThreadItem[],
  more: false,
  /** False until the first page, and with it the place to scroll to, is here. */
  ready: false,
  pending: [] as readonly Pending[],
  live: {} as Readonly<Record<RunId, Live>>,
  /** The item above which "new messages" is drawn; null where all was seen on opening. */
  firstNew: null as string | null,
};

/** The place of an item that the window made up from a stream, until the assistant sends the real one. */
const atTheEnd = Number.MAX_SAFE_INTEGER;

type RunEvent = Extract<Event, { run: RunId }>;

/** `now` is in milliseconds since 1970. Events of other conversations must not be passed. */
export function applyToThread(thread: ThreadState, event: Event, now: number): ThreadState {
  switch (event.type) {
    case 'item.changed':
      return putItem(thread, event.item);
    case 'item.removed':
      return { ...thread, items: thread.items.filter((item) => item.key !== event.key) };
    // Where its card stands is told with the card.
    case 'task.changed':
      return { ...thread, items: thread.items.map((item) => (item.type === 'task' && item.task.id === event.task.id ? { ...item, task: event.task } : item)) };
    default:
      return 'run' in event ? applyRunEvent(thread, event, now) : thread;
  }
}

function applyRunEvent(thread: ThreadState, event: RunEvent, now: number): ThreadState {
  // A task's work shows on its card, which comes whole; only turns stream into the thread.
  if (event.task !== null) return thread;
  switch (event.type) {
    case 'run.started':
      return withLive(thread, event.run, { type: 'queued' }, now);
    case 'run.phase':
      return withLive(inState('running', thread, event), event.run, event.phase, now);
    case 'run.waiting':
      return withLive(inState('waiting', thread, event), event.run, { type: 'waiting', for: event.for }, now);
    case 'run.ended':
      return endRun(thread, event.run);
    // A question comes and goes as an item.
    case 'approval.asked':
    case 'approval.answered':
    case 'step.ended':
      return thread;
    default:
      return changeAnswer(thread, event, (answer) => ({ ...answer, parts: changeParts(answer.parts, event) }), now);
  }
}

function changeParts(parts: readonly MessagePart[], event: RunEvent): MessagePart[] {
  switch (event.type) {
    case 'text.added':
      return append(parts, 'text', event.delta);
    case 'thought.added':
      return append(parts, 'thought', event.delta);
    case 'text.withdrawn':
      return withdraw(parts);
    case 'call.changed':
      return putCall(parts, event.call);
    case 'run.noticed':
      return [...parts, { type: 'notice', fault: event.fault }];
    default:
      return [...parts];
  }
}

function append(parts: readonly MessagePart[], type: 'text' | 'thought', delta: string): MessagePart[] {
  const last = parts.at(-1);
  if (last?.type === type) return [...parts.slice(0, -1), { type, text: last.text + delta }];
  return [...parts, { type, text: delta }];
}

/** All text and thought after the last call is void; notices stay. */
function withdraw(parts: readonly MessagePart[]): MessagePart[] {
  const lastCall = parts.findLastIndex((part) => part.type === 'call');
  return parts.filter((part, index) => index <= lastCall || part.type === 'notice');
}

function putCall(parts: readonly MessagePart[], call: CallView): MessagePart[] {
  const at = parts.findIndex((part) => part.type === 'call' && part.call.call === call.call);
  const part: MessagePart = { type: 'call', call };
  return at === -1 ? [...parts, part] : parts.with(at, part);
}

/** How it ended stands in its answer, which came just before as an item. */
function endRun(thread: ThreadState, run: RunId): ThreadState {
  const { [run]: _ended, ...live } = thread.live;
  return { ...thread, items: thread.items.filter((item) => item.type !== 'approval' || item.approval.run !== run), live };
}

/** Changes the answer of the event's run. Where there is none yet it is made, but only if `now` says when it begins. */
function changeAnswer(thread: ThreadState, event: RunEvent, change: (answer: AnswerItem) => AnswerItem, now?: number): ThreadState {
  const at = thread.items.findLastIndex((item) => item.type === 'answer' && item.run === event.run);
  const found = thread.items[at];
  if (found?.type === 'answer') return { ...thread, items: thread.items.with(at, change(found)) };
  return now === undefined ? thread : putItem(thread, change(newAnswer(event, now)));
}

function inState(state: RunState, thread: ThreadState, event: RunEvent): ThreadState {
  return changeAnswer(thread, event, (answer) => ({ ...answer, state }));
}

function newAnswer({ run, conversation }: RunEvent, at: number): AnswerItem {
  return {
    type: 'answer',
    key: `r${run}`,
    order: atTheEnd,
    conversation,
    run,
    task: null,
    state: 'running',
    parts: [],
    fault: null,
    usage: null,
    report: null,
    at,
  };
}

function withLive(thread: ThreadState, run: RunId, phase: Phase, now: number): ThreadState {
  const before = thread.live[run];
  const since = before !== undefined && samePhase(before.phase, phase) ? before.since : now;
  return { ...thread, live: { ...thread.live, [run]: { phase, since } } };
}

function samePhase(one: Phase, other: Phase): boolean {
  return one.type === other.type && (one.type !== 'calling' || other.type !== 'calling' || one.title === other.title);
}

function putItem(thread: ThreadState, item: ThreadItem): ThreadState {
  const others = thread.items.filter((each) => each.key !== item.key);
  const after = others.findLastIndex((each) => each.order <= item.order);
  const pending = item.type === 'said' ? thread.pending.filter((each) => !isArrived(each, item)) : thread.pending;
  return { ...thread, pending, items: others.toSpliced(after + 1, 0, item) };
}

/** The item can come before the answer to the request that sent it, hence the look at the text. */
function isArrived(pending: Pending, said: SaidItem): boolean {
  if (pending.fault !== null) return false;
  return pending.message === null ? pending.text === said.text : pending.message === said.message;
}

/** Puts a page of older items in front; items already here win, for they may have changed since. */
export function addOlder(thread: ThreadState, page: { readonly items: readonly ThreadItem[]; readonly more: boolean }): ThreadState {
  const known = new Set(thread.items.map((item) => item.key));
  return { ...thread, more: page.more, items: [...page.items.filter((item) => !known.has(item.key)), ...thread.items] };
}

export function putPending(thread: ThreadState, pending: Pending): ThreadState {
  const arrived = thread.items.some((item) => item.type === 'said' && item.message === pending.message);
  const others = thread.pending.filter((each) => each.key !== pending.key);
  return { ...thread, pending: arrived ? others : [...others, pending] };
}

export function isUnderWay(state: RunState): boolean {
  return state === 'queued' || state === 'running' || state === 'waiting';
}

/** The turn at work in this thread, which Stop stops and which a new message joins. */
export function activeTurn(thread: ThreadState): RunId | null {
  const answer = thread.items.findLast((item): item is AnswerItem => item.type === 'answer' && item.task === null && isUnderWay(item.state));
  if (answer !== undefined) return answer.run;
  const live = Object.keys(thread.live).at(-1);
  return live === undefined ? null : Number(live);
}

/** Above which item the "new messages" line goes: the first of the last `unread` answers. */
export function firstUnread(items: readonly ThreadItem[], unread: number): string | null {
  if (unread <= 0) return null;
  const answers = items.filter((item) => item.type === 'answer');
  return (answers.at(-unread) ?? answers[0])?.key ?? null;
}

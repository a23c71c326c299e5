// Everything the window knows, and how an event changes it. Pure; the assistant's journal, not this, is the truth.
import type { Approval } from '../../electron/contract/approval.ts';
import type { Conversation } from '../../electron/contract/conversation.ts';
import type { Event } from '../../electron/contract/event.ts';
import type { Fault } from '../../electron/contract/fault.ts';
import type { ApprovalId, ConversationId, RunId, TaskId } from '../../electron/contract/id.ts';
import type { Download, ModelEntry } from '../../electron/contract/model.ts';
import type { RequestOutput } from '../../electron/contract/request.ts';
import type { Settings } from '../../electron/contract/setting.ts';
import type { Task } from '../../electron/contract/task.ts';
import { blankDraft } from '../tasks/draft.ts';
import { applyToThread, type ThreadState } from './thread-state.ts';

export type Panel = 'settings' | 'models' | 'tasks' | 'memory' | 'keys' | 'search' | 'task-form';

/** What comes back: a conversation, or what a change of memory took away. */
export type Undo = { readonly title: string } & ({ readonly conversation: ConversationId } | { readonly change: number });

export interface Toast {
  readonly id: number;
  readonly fault: Fault | null;
  readonly undo: Undo | null;
}

/** The topmost item in view and how many pixels of it are above the edge; null at the bottom. */
export type Place = { readonly item: string; readonly offset: number } | null;

export type WindowState = Readonly<typeof emptyWindow>;

export const emptyWindow = {
  app: null as Omit<RequestOutput<'app.state'>, 'settings' | 'models' | 'notices'> | null,
  settings: {
    language: 'system',
    theme: 'system',
    offline: false,
    model: null,
    engine: 'child',
    gpu: 'auto',
    contextTokens: 0,
    restOnBattery: true,
    quietHours: null,
  } as Settings,
  models: [] as readonly ModelEntry[],
  downloads: {} as Readonly<Record<string, Download>>,
  conversations: {} as Readonly<Record<ConversationId, Conversation>>,
  threads: {} as Readonly<Record<ConversationId, ThreadState>>,
  tasks: {} as Readonly<Record<TaskId, Task>>,
  /** Those still open. */
  approvals: {} as Readonly<Record<ApprovalId, Approval>>,
  /** Those of them that can be seen in the thread, and the one that the keys 1 to 3 answer. */
  inView: [] as readonly ApprovalId[],
  keyed: null as ApprovalId | null,
  /** What was typed and where was scrolled to since the start; newer than what the conversations say. */
  drafts: {} as Readonly<Record<ConversationId, string>>,
  places: {} as Readonly<Record<ConversationId, Place>>,
  selected: null as ConversationId | null,
  /** A fresh conversation is being made; what is typed now must not go to the one before. */
  beginning: false,
  /** The item to scroll to once the thread is here, after a search. */
  target: null as string | null,
  /** The message being edited, to be sent again in place of the run it began. */
  editing: null as { readonly conversation: ConversationId; readonly run: RunId } | null,
  panel: null as Panel | null,
  /** What the form of a task opens with. */
  draft: blankDraft,
  /** Counts what was changed in memory from here, so that its page is read again. */
  memoryChanges: 0,
  notices: [] as readonly Fault[],
  toasts: [] as readonly Toast[],
  /** The text of the last completed answer here, for screen readers. */
  announced: '',
};

export function reduce(state: WindowState, event: Event, now: number): WindowState {
  return applyHere(applyToItsThread(state, event, now), event);
}

function applyToItsThread(state: WindowState, event: Event, now: number): WindowState {
  const conversation = conversationOf(event);
  const thread = conversation === null ? undefined : state.threads[conversation];
  if (conversation === null || thread === undefined) return state;
  return { ...state, threads: { ...state.threads, [conversation]: applyToThread(thread, event, now) } };
}

function conversationOf(event: Event): ConversationId | null {
  switch (event.type) {
    case 'item.changed':
      return event.item.conversation;
    case 'task.changed':
      return event.task.conversation;
    case 'item.removed':
      return event.conversation;
    default:
      return 'run' in event ? event.conversation : null;
  }
}

function applyHere(state: WindowState, event: Event): WindowState {
  switch (event.type) {
    case 'conversation.changed':
      return { ...state, conversations: { ...state.conversations, [event.conversation.id]: event.conversation } };
    case 'conversation.removed':
      return forget(state, event.conversation);
    case 'item.changed':
      return event.item.type === 'approval' ? putApproval(state, event.item.approval) : state;
    case 'approval.asked':
    case 'approval.answered':
      return putApproval(state, event.approval);
    case 'task.changed':
      return { ...state, tasks: { ...state.tasks, [event.task.id]: event.task } };
    case 'item.removed':
      // A removed task leaves the panel too, and a removed question the dock; other items stand in threads only.
      return { ...state, tasks: only(state.tasks, (_, id) => `t${id}` !== event.key), approvals: only(state.approvals, (_, id) => `a${id}` !== event.key) };
    case 'models.changed':
      return { ...state, models: event.models };
    case 'download.changed':
      return { ...state, downloads: { ...state.downloads, [event.download.id]: event.download } };
    case 'settings.changed':
      return { ...state, settings: event.settings };
    case 'rest.changed':
      return state.app === null ? state : { ...state, app: { ...state.app, resting: event.resting } };
    case 'app.noticed':
      return { ...state, notices: [...state.notices.filter((notice) => notice.message !== event.fault.message), event.fault] };
    case 'run.ended':
      return {
        ...state,
        // Whatever became of the run, nobody waits for the answer any more.
        approvals: only(state.approvals, (approval) => approval.run !== event.run),
        announced: event.conversation === state.selected && event.outcome === 'done' ? event.text : state.announced,
      };
    default:
      return state;
  }
}

export function only<T>(things: Readonly<Record<string, T>>, keep: (thing: T, id: string) => boolean): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(things).filter(([id, thing]) => keep(thing, id)));
}

function putApproval(state: WindowState, approval: Approval): WindowState {
  const { [approval.id]: _before, ...others } = state.approvals;
  return { ...state, approvals: approval.state === 'open' ? { ...others, [approval.id]: approval } : others };
}

function forget(state: WindowState, gone: ConversationId): WindowState {
  const { [gone]: _conversation, ...conversations } = state.conversations;
  const { [gone]: _thread, ...threads } = state.threads;
  const approvals = only(state.approvals, (approval) => approval.conversation !== gone);
  return { ...state, conversations, threads, approvals, ...(state.selected === gone ? { selected: null, editing: null } : {}) };
}

export function newestFirst(state: Pick<WindowState, 'conversations'>): readonly Conversation[] {
  return Object.values(state.conversations).toSorted((one, other) => other.updatedAt - one.updatedAt || other.id - one.id);
}

export function placeOf(state: Pick<WindowState, 'places' | 'conversations'>, conversation: ConversationId): Place {
  const place = state.places[conversation];
  return place === undefined ? (state.conversations[conversation]?.scroll ?? null) : place;
}

/** The model that would answer in `conversation`: its own, else the one in use. */
export function modelFor(state: Pick<WindowState, 'models' | 'conversations'>, conversation: ConversationId | null): ModelEntry | null {
  const own = conversation === null ? null : state.conversations[conversation]?.model;
  return state.models.find((model) => model.id === own) ?? state.models.find((model) => model.current) ?? null;
}

/** True where a message sent now would find a model: one is in use and nothing is wrong with it. */
export function canAnswer(state: Pick<WindowState, 'models'>): boolean {
  return state.models.some((model) => model.current && model.fault === null);
}

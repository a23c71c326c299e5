// The first table: what the window and the command line may ask, with the schema of what goes in and what comes out.
import { z } from 'zod';
import { Check } from './acceptance.ts';
import { Approval, ApprovalAnswer } from './approval.ts';
import { Budget } from './budget.ts';
import { Conversation, Scroll, SearchHit, ThreadItem } from './conversation.ts';
import { Entry } from './entry.ts';
import { Fault } from './fault.ts';
import { Permission, TaskGrant, UnaskedCall } from './grant.ts';
import { ApprovalId, ConversationId, EntryId, ModelId, RunId, TaskId, Time } from './id.ts';
import { MemoryChange, MemoryHit, MemoryItem, MemoryKind } from './memory.ts';
import { Download, ModelEntry, RemoteInput } from './model.ts';
import { Report } from './report.ts';
import { Replay, Rest, RunView } from './run.ts';
import { Firing, MissedPolicy, Schedule } from './schedule.ts';
import { Settings, SettingsPatch } from './setting.ts';
import { ReadTask, Task, TypedTask } from './task.ts';

const Nothing = z.object({});
const Folder = z.string().min(1).max(4096);
const MemoryName = z.string().trim().min(1).max(100).optional();
/** What a run may do without asking: nothing beyond its grants, everything inside its folder, or — asking being impossible — nothing at all. */
const Approve = z.enum(['ask', 'deny', 'folder']);
/** What a task keeps to, beside its goal. */
const bounds = {
  folder: Folder.optional(),
  model: ModelId.optional(),
  /** Now, if not given. */
  schedule: Schedule.optional(),
  missed: MissedPolicy.optional(),
  checks: z.array(Check).max(100).optional(),
  grants: z.array(TaskGrant).max(100).optional(),
  budget: Budget.optional(),
};

export const requests = {
  'app.state': {
    input: Nothing,
    output: z.object({
      version: z.string(),
      /** Which host runs the app: real Electron, the stand-in for it, or plain Node. */
      host: z.enum(['electron', 'stand-in', 'node']),
      platform: z.string(),
      data: z.string(),
      /** The system's language tag, such as `en-GB` or `zh-CN`. */
      locale: z.string(),
      settings: Settings,
      models: z.array(ModelEntry),
      /** Things to be said once at start, such as damaged settings. */
      notices: z.array(Fault),
      /** Why work in the background waits at the moment. */
      resting: Rest.nullable(),
    }),
  },
  'app.doctor': { input: Nothing, output: z.object({ checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })) }) },
  'settings.change': { input: SettingsPatch, output: Settings },

  'conversation.list': { input: Nothing, output: z.object({ conversations: z.array(Conversation) }) },
  'conversation.create': { input: z.object({ title: z.string().max(200).optional(), folder: Folder.optional() }), output: Conversation },
  'conversation.rename': { input: z.object({ conversation: ConversationId, title: z.string().trim().min(1).max(200) }), output: Conversation },
  'conversation.set-folder': { input: z.object({ conversation: ConversationId, folder: Folder.nullable() }), output: Conversation },
  'conversation.set-model': { input: z.object({ conversation: ConversationId, model: ModelId.nullable() }), output: Conversation },
  'conversation.remove': { input: z.object({ conversation: ConversationId }), output: Nothing },
  'conversation.restore': { input: z.object({ conversation: ConversationId }), output: Conversation },
  'conversation.search': { input: z.object({ query: z.string().min(1).max(500) }), output: z.object({ hits: z.array(SearchHit) }) },
  /** The newest `limit` items older than `before` (an item's `order`), by rising order. */
  'conversation.thread': {
    input: z.object({ conversation: ConversationId, before: z.number().optional(), limit: z.number().int().min(1).max(200).default(60) }),
    output: z.object({ items: z.array(ThreadItem), more: z.boolean() }),
  },
  /** Keeps what the window must find again: the draft, the scroll position, and up to where the person has read (an item's `order`). */
  'conversation.keep': {
    input: z.object({
      conversation: ConversationId,
      draft: z.string().max(2_000_000).optional(),
      scroll: Scroll.nullable().optional(),
      readTo: z.number().optional(),
    }),
    output: Nothing,
  },
  /**
   * Accepts a message: it is on disk when this answers. `key` makes it safe to send twice. `replaces` is the run whose message is edited and sent
   * again; that run and all later turns leave the thread. With `background` it becomes a task. While a turn is running the message joins it.
   */
  'conversation.post': {
    input: z.object({
      conversation: ConversationId,
      text: z.string(),
      key: z.string().max(100).optional(),
      replaces: RunId.optional(),
      background: z.boolean().optional(),
      model: ModelId.optional(),
      approve: Approve.optional(),
    }),
    output: z.object({ message: EntryId, run: RunId, task: TaskId.nullable() }),
  },
  /** Asks again for the answer of a run that has ended. */
  'conversation.retry': { input: z.object({ run: RunId }), output: z.object({ run: RunId }) },

  'run.stop': { input: z.object({ run: RunId }), output: RunView },
  'run.view': { input: z.object({ run: RunId }), output: RunView },
  'run.show': { input: z.object({ run: RunId }), output: z.object({ run: RunView, entries: z.array(Entry), report: Report.nullable() }) },
  /** What a file of the report held before and after; `before` is null where no copy could be kept, and empty for a new file. */
  'run.diff': { input: z.object({ run: RunId, path: z.string() }), output: z.object({ before: z.string().nullable(), after: z.string() }) },
  /** Folds the run's entries anew and names what differs from what is stored of it. */
  'run.replay': { input: z.object({ run: RunId }), output: Replay },
  'approval.list': { input: Nothing, output: z.object({ approvals: z.array(Approval) }) },
  /**
   * `conversation` leaves a permission behind: for the conversation, `everywhere`, or, where a task asked, for that task alone. It covers exactly what
   * was asked, or everything that fits `pattern`, and holds until a time.
   */
  'approval.answer': {
    input: z.object({
      approval: ApprovalId,
      answer: ApprovalAnswer,
      everywhere: z.boolean().optional(),
      pattern: z.string().trim().min(1).max(2000).optional(),
      until: Time.optional(),
    }),
    output: Approval,
  },
  /** The permissions that answers left behind and that still hold, newest first. Those of a task at its creation stand with the task. */
  'grant.list': { input: Nothing, output: z.object({ grants: z.array(Permission) }) },
  'grant.revoke': { input: z.object({ grant: z.number().int() }), output: Nothing },

  'task.add': {
    input: z.object({
      goal: z.string(),
      conversation: ConversationId.optional(),
      approve: Approve.optional(),
      key: z.string().max(100).optional(),
      /** The question of a call that asked for such a task: it is answered by this one, which the person wrote in its place. */
      instead: ApprovalId.optional(),
      ...bounds,
    }),
    output: Task,
  },
  /** How what was typed is understood; a fault says what can't be. Changes nothing. */
  'task.read': { input: TypedTask, output: ReadTask },
  /** What is not given stays. Grants and budget hold at once, the rest from the next run on; answers for the task end where its goal, folder or checks change. */
  'task.edit': { input: z.object({ task: TaskId, goal: z.string().optional(), ...bounds }), output: Task },
  /** What changed something without the person having been asked, because a grant covered it; newest first. */
  'task.unasked': { input: z.object({ task: TaskId }), output: z.object({ calls: z.array(UnaskedCall) }) },
  'task.list': { input: Nothing, output: z.object({ tasks: z.array(Task) }) },
  'task.show': { input: z.object({ task: TaskId }), output: Task },
  /** While paused it is not due; times that pass are recorded as skipped. */
  'task.pause': { input: z.object({ task: TaskId }), output: Task },
  'task.resume': { input: z.object({ task: TaskId }), output: Task },
  'task.run-now': { input: z.object({ task: TaskId }), output: Task },
  /** Stops it and takes it out of the list and the thread. */
  'task.remove': { input: z.object({ task: TaskId }), output: Nothing },
  /** What became of each due time, newest first. */
  'task.history': { input: z.object({ task: TaskId }), output: z.object({ firings: z.array(Firing) }) },
  'task.stop': { input: z.object({ task: TaskId }), output: Task },

  'model.list': { input: Nothing, output: z.object({ models: z.array(ModelEntry) }) },
  /** A path to a .gguf file, an https address, or hf:owner/repo:quant. The last two answer at once and go on as a download. */
  'model.import': {
    input: z.object({ source: z.string().trim().min(1).max(4096), name: z.string().trim().max(80).optional() }),
    output: z.object({ model: ModelEntry.nullable(), download: Download.nullable() }),
  },
  'model.stop-download': { input: z.object({ download: z.string() }), output: Nothing },
  /** Checks the endpoint with one tiny request unless `check` is false, then keeps it. */
  'model.add-remote': { input: RemoteInput.extend({ check: z.boolean().default(true) }), output: ModelEntry },
  'model.use': { input: z.object({ model: ModelId }), output: ModelEntry },
  'model.remove': { input: z.object({ model: ModelId }), output: Nothing },

  /** Lines of JSONL, each `{id, at, author, text}`, from an absolute path. `name` is the memory they go to; without it they go to the assistant's own. */
  'memory.import': {
    input: z.object({ file: Folder, name: MemoryName }),
    output: z.object({
      imported: z.number().int(),
      /** Lines that were not imported, or not whole; the first thousand. */
      problems: z.array(z.object({ line: z.number().int(), reason: z.string() })),
      problemsInAll: z.number().int(),
    }),
  },
  /** With `tokens`, as much as fits that many; else the `limit` best items, ten if not given. */
  'memory.search': {
    input: z.object({
      query: z.string().min(1).max(1_000_000),
      tokens: z.number().int().min(1).max(1_000_000).optional(),
      limit: z.number().int().min(1).max(1000).optional(),
      name: MemoryName,
    }),
    output: z.object({ hits: z.array(MemoryHit) }),
  },
  /** Newest first; with `after`, an item's id, from there on in the order it was said. */
  'memory.list': {
    input: z.object({
      kind: MemoryKind.optional(),
      after: z.number().int().optional(),
      limit: z.number().int().min(1).max(1000).default(50),
      name: MemoryName,
    }),
    output: z.object({ items: z.array(MemoryItem) }),
  },
  /** For the window: with `query` what fits it best, else what is older than the item `before`, newest first; and the newest change that can be taken back. */
  'memory.look': {
    input: z.object({
      query: z.string().trim().max(500).default(''),
      kind: MemoryKind.optional(),
      before: MemoryItem.pick({ id: true, at: true }).optional(),
      limit: z.number().int().min(1).max(1000).default(50),
    }),
    output: z.object({ items: z.array(MemoryItem), undo: MemoryChange.omit({ items: true }).nullable() }),
  },
  'memory.show': { input: z.object({ source: z.string(), name: MemoryName }), output: z.object({ items: z.array(MemoryItem) }) },
  'memory.forget': { input: z.object({ sources: z.array(z.string()).min(1).max(1000), name: MemoryName }), output: MemoryChange },
  /** What the person writes in the place of a fact or a line of the profile. As another kind it moves there: in the profile it is always in view. */
  'memory.rewrite': {
    input: z.object({ item: z.number().int(), kind: MemoryKind.extract(['fact', 'profile']), text: z.string().trim().min(1).max(600) }),
    output: Nothing,
  },
  /** Takes back the newest change of this memory; with `change` only that one, and only where it is the newest or has forgotten something. */
  'memory.undo': { input: z.object({ change: z.number().int().optional(), name: MemoryName }), output: MemoryChange },

  'dialog.folder': { input: Nothing, output: z.object({ path: z.string().nullable() }) },
  'dialog.model-file': { input: Nothing, output: z.object({ path: z.string().nullable() }) },
  /** Opens an https or mailto address in the person's browser. */
  'link.open': { input: z.object({ url: z.url({ protocol: /^(https|mailto)$/ }) }), output: Nothing },
} as const;

export type RequestName = keyof typeof requests;
/** What a caller passes (defaults may be left out), what a handler receives, and what comes back. */
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['input']>;
export type RequestPayload<N extends RequestName> = z.output<(typeof requests)[N]['input']>;
export type RequestOutput<N extends RequestName> = z.output<(typeof requests)[N]['output']>;
/** Where nothing comes back, a handler need not say so. */
type Answer<N extends RequestName> = RequestOutput<N> extends Record<string, never> ? unknown : RequestOutput<N>;
export type Handlers = { readonly [N in RequestName]: (payload: RequestPayload<N>) => Answer<N> | Promise<Answer<N>> };

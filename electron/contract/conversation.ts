// What the window shows of a conversation: its row in the list, and the items of its thread.
import { z } from 'zod';
import { Approval } from './approval.ts';
import { Fault } from './fault.ts';
import { ConversationId, EntryId, ModelId, RunId, TaskId, Time } from './id.ts';
import { Report } from './report.ts';
import { RunState, Usage } from './run.ts';
import { Task } from './task.ts';

/** Where the person had scrolled to: the topmost visible item and how many pixels of it are above the edge. */
export const Scroll = z.object({ item: z.string(), offset: z.number() });

export const Conversation = z.object({
  id: ConversationId,
  title: z.string(),
  /** The folder in which the assistant may act here; null until the person chooses one. */
  folder: z.string().nullable(),
  model: ModelId.nullable(),
  createdAt: Time,
  /** When something last happened here; the list is sorted by it. */
  updatedAt: Time,
  /** The last thing said, one line. */
  preview: z.string(),
  /** Assistant messages not seen yet. */
  unread: z.number().int(),
  /** True where an approval or question waits for the person. */
  needsYou: z.boolean(),
  /** True while a turn or a task of this conversation is queued or running. */
  busy: z.boolean(),
  draft: z.string(),
  scroll: Scroll.nullable(),
});
export type Conversation = z.infer<typeof Conversation>;

export const CallState = z.enum(['asking', 'running', 'done', 'failed', 'denied', 'skipped', 'unknown']);
export type CallState = z.infer<typeof CallState>;

export const CallView = z.object({
  call: z.string(),
  tool: z.string(),
  /** What the call is about in one line, for example the path or the command. */
  title: z.string(),
  state: CallState,
  /** The arguments as JSON text, and what came back (shortened). */
  arguments: z.string(),
  output: z.string(),
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
});
export type CallView = z.infer<typeof CallView>;

export const MessagePart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('thought'), text: z.string() }),
  z.object({ type: z.literal('call'), call: CallView }),
  /** Something the person should know, for example that the engine was restarted. */
  z.object({ type: z.literal('notice'), fault: Fault }),
]);
export type MessagePart = z.infer<typeof MessagePart>;

const placed = { key: z.string(), order: z.number(), conversation: ConversationId };
/**
 * One thing in a thread. `key` is its identity (m45, r12, t5, a7) and `order` its place: items are shown by rising `order`.
 * A `said` item is the person's; an `answer` is the assistant's, one per run; a `task` card and an `approval` card change in place.
 */
export const ThreadItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('said'), ...placed, message: EntryId, run: RunId, text: z.string(), at: Time }),
  z.object({
    type: z.literal('answer'),
    ...placed,
    run: RunId,
    /** Set where this is the result of a task. */
    task: TaskId.nullable(),
    state: RunState,
    parts: z.array(MessagePart),
    fault: Fault.nullable(),
    usage: Usage.nullable(),
    /** Of a task that has ended. */
    report: Report.nullable(),
    at: Time,
  }),
  z.object({ type: z.literal('task'), ...placed, task: Task }),
  z.object({ type: z.literal('approval'), ...placed, approval: Approval }),
]);
export type ThreadItem = z.infer<typeof ThreadItem>;

export const SearchHit = z.object({
  conversation: ConversationId,
  title: z.string(),
  /** The item to scroll to; null where only the title matched. */
  item: z.string().nullable(),
  /** The matching line, with the match between U+0002 and U+0003. */
  excerpt: z.string(),
  at: Time,
});
export type SearchHit = z.infer<typeof SearchHit>;

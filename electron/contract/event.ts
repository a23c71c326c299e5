// The second table: what the assistant announces as it happens. Streams are small; the journal, not the event, is the truth.
import { z } from 'zod';
import { Approval } from './approval.ts';
import { CallView, Conversation, ThreadItem } from './conversation.ts';
import { Fault } from './fault.ts';
import { ConversationId, RunId, TaskId } from './id.ts';
import { Download, ModelEntry } from './model.ts';
import { Outcome, Phase, Rest, Usage, WaitingFor } from './run.ts';
import { Settings } from './setting.ts';
import { Task } from './task.ts';

const ofRun = { run: RunId, conversation: ConversationId, task: TaskId.nullable() };

export const Event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('conversation.changed'), conversation: Conversation }),
  z.object({ type: z.literal('conversation.removed'), conversation: ConversationId }),
  /** The person asked for it outside the window, by clicking a notification: show it. */
  z.object({ type: z.literal('conversation.shown'), conversation: ConversationId }),
  /** Add it, or replace the one with the same key. */
  z.object({ type: z.literal('item.changed'), item: ThreadItem }),
  z.object({ type: z.literal('item.removed'), conversation: ConversationId, key: z.string() }),
  z.object({ type: z.literal('run.started'), ...ofRun }),
  z.object({ type: z.literal('run.phase'), ...ofRun, phase: Phase }),
  /** Appends to the last part of the run's answer if that is text (or thought), else starts a new part. */
  z.object({ type: z.literal('text.added'), ...ofRun, delta: z.string() }),
  z.object({ type: z.literal('thought.added'), ...ofRun, delta: z.string() }),
  /** The step is to be read again from its start: what it streamed so far (all text and thought after the last call) is void. */
  z.object({ type: z.literal('text.withdrawn'), ...ofRun }),
  z.object({ type: z.literal('step.ended'), ...ofRun, text: z.string(), usage: Usage }),
  /** A call was started, put to the person, or settled; replaces the part with the same call. */
  z.object({ type: z.literal('call.changed'), ...ofRun, call: CallView }),
  z.object({ type: z.literal('approval.asked'), ...ofRun, approval: Approval }),
  z.object({ type: z.literal('approval.answered'), ...ofRun, approval: Approval }),
  z.object({ type: z.literal('run.noticed'), ...ofRun, fault: Fault }),
  z.object({ type: z.literal('run.waiting'), ...ofRun, for: WaitingFor }),
  z.object({ type: z.literal('run.ended'), ...ofRun, outcome: Outcome, text: z.string(), fault: Fault.nullable(), usage: Usage.nullable() }),
  z.object({ type: z.literal('task.changed'), task: Task }),
  z.object({ type: z.literal('models.changed'), models: z.array(ModelEntry) }),
  z.object({ type: z.literal('download.changed'), download: Download }),
  z.object({ type: z.literal('settings.changed'), settings: Settings }),
  /** Work in the background waits from now on, and why; null: it goes on. */
  z.object({ type: z.literal('rest.changed'), resting: Rest.nullable() }),
  z.object({ type: z.literal('app.noticed'), fault: Fault }),
]);
export type Event = z.infer<typeof Event>;
/** Receives every event in order; must not throw. */
export type Listener = (event: Event) => void;

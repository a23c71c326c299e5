// The lines of the journal: what happened in a run, in order, never rewritten.
import { z } from 'zod';
import { Evidence } from './acceptance.ts';
import { ApprovalAnswer } from './approval.ts';
import { Fault } from './fault.ts';
import { ApprovalId, EntryId, RunId, Time } from './id.ts';
import { Plan } from './plan.ts';
import { FileChange } from './report.ts';
import { Outcome, Usage, WaitingFor } from './run.ts';

/** What a call does to the world: nothing; something safe to do again; something that must happen at most once. */
export const Effect = z.enum(['none', 'repeatable', 'once']);
export type Effect = z.infer<typeof Effect>;

export const ToolCall = z.object({
  id: z.string(),
  tool: z.string(),
  /** The arguments as the JSON text that the model wrote. */
  arguments: z.string(),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const CallStatus = z.enum(['done', 'failed', 'denied', 'skipped', 'unknown']);
export type CallStatus = z.infer<typeof CallStatus>;

export const EntryBody = z.discriminatedUnion('type', [
  /** Something the person said: the message or goal that began the run, or one that joined it while it ran. */
  z.object({
    type: z.literal('message'),
    text: z.string(),
    /** The folder chosen at that time. */ folder: z.string().optional(),
    /** Names a joined message, so that sending it twice is harmless. */ key: z.string().optional(),
  }),
  /** A claim of the run by a process; the n-th attempt. */
  z.object({ type: z.literal('started'), attempt: z.number().int(), model: z.string() }),
  /** One reply of the model, with the calls it asks for. `seen` is the last message it was shown: a later one was said while it spoke. */
  z.object({ type: z.literal('reply'), seen: EntryId, text: z.string(), thought: z.string().optional(), calls: z.array(ToolCall), usage: Usage }),
  z.object({ type: z.literal('asked'), call: z.string(), approval: ApprovalId }),
  /** `call` is empty where the question was about the run itself, see `parked`. `said` is what the model is told of the answer. */
  z.object({ type: z.literal('answered'), call: z.string(), approval: ApprovalId, answer: ApprovalAnswer, said: z.string().optional() }),
  /** Written before an effect: from here on the call may have happened. `receipt` is what the tool needs to probe it later. */
  z.object({ type: z.literal('intent'), call: z.string(), effect: Effect, receipt: z.string().optional() }),
  /** Written after it. `file` holds the whole output where `output` is shortened. */
  z.object({
    type: z.literal('outcome'),
    call: z.string(),
    status: CallStatus,
    output: z.string(),
    file: z.string().optional(),
    /** The call could not be read: no such tool, or arguments that don't fit. */ malformed: z.literal(true).optional(),
  }),
  /** The plan as it stands from here on, whole. */
  z.object({ type: z.literal('planned'), plan: Plan }),
  /** Something that code tells the model in the place of a person: a check that failed, a limit that is near. */
  z.object({ type: z.literal('told'), text: z.string(), about: z.enum(['check', 'limit', 'budget', 'go-on']) }),
  /** Nothing more happens before this time: the model chose to wait, or the next round of a task that goes on until it is done. */
  z.object({ type: z.literal('resting'), until: Time, why: z.string() }),
  /** The checks, or a judgement where there are none, after the reply that said the work is done. */
  z.object({ type: z.literal('checked'), ok: z.boolean(), evidence: z.array(Evidence) }),
  /** What was different in the folder at the end, since before the run's first command. Not complete where the folder is too large to compare. */
  z.object({ type: z.literal('changed'), files: z.array(FileChange), complete: z.boolean() }),
  /** The run stands still until the person says whether it may go on: `once` and `conversation` say so, `deny` ends it. */
  z.object({ type: z.literal('parked'), approval: ApprovalId, about: z.enum(['budget', 'trouble']), fault: Fault }),
  /**
   * From here on the model is shown the entries `from` to `upTo`, and all that were compacted before them, in short: their rows are made by code, and
   * `prose` is what the model itself wrote about them, empty where it did not. Nothing is lost: the entries stay.
   */
  z.object({ type: z.literal('compacted'), from: EntryId, upTo: EntryId, by: z.enum(['code', 'model']), prose: z.string() }),
  /** What memory holds about the message before it, as the model was shown it. */
  z.object({ type: z.literal('recalled'), text: z.string() }),
  z.object({ type: z.literal('notice'), fault: Fault }),
  z.object({ type: z.literal('waiting'), for: WaitingFor }),
  z.object({ type: z.literal('ended'), outcome: Outcome, fault: Fault.nullable() }),
]);
export type EntryBody = z.infer<typeof EntryBody>;
export type EntryOf<T extends EntryBody['type']> = Extract<EntryBody, { type: T }>;

export const Entry = z.object({ id: EntryId, run: RunId, at: Time, body: EntryBody });
export type Entry = z.infer<typeof Entry>;

// A question to the person: may this call run? Shown as a card; survives restarts.
import { z } from 'zod';
import { Fault } from './fault.ts';
import { ApprovalId, ConversationId, RunId, TaskId, Time } from './id.ts';

export const ApprovalAnswer = z.enum(['once', 'conversation', 'deny']);
export type ApprovalAnswer = z.infer<typeof ApprovalAnswer>;

export const Approval = z.object({
  id: ApprovalId,
  conversation: ConversationId,
  run: RunId,
  task: TaskId.nullable(),
  /** A call that wants to run, or the run itself, which is out of budget or in trouble and asks whether to go on. */
  about: z.enum(['call', 'budget', 'trouble']),
  tool: z.string(),
  /** What the call is about in one line: the path or the command. */
  title: z.string(),
  /** The folder in which it would act. */
  where: z.string(),
  /** Exactly what would be written or executed, byte for byte. */
  payload: z.string(),
  /** For a file that exists already: what stands there now, or a sentence about it where that can't be shown; null where there is none. */
  before: z.string().nullable(),
  /** Why a call would run with all the person's rights, outside the sandbox; for a run, what `title` says. Null where there is no such reason. */
  caution: Fault.nullable(),
  state: z.enum(['open', 'allowed', 'denied', 'withdrawn']),
  answer: ApprovalAnswer.nullable(),
  askedAt: Time,
  answeredAt: Time.nullable(),
});
export type Approval = z.infer<typeof Approval>;

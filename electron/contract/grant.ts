// A permission given to a task when it is added: with them it works alone, and everything else waits for the person.
import { z } from 'zod';
import { ConversationId, TaskId, Time } from './id.ts';

export const TaskGrant = z.object({
  tool: z.string().min(1).max(200),
  /**
   * Null: every call of this tool that stays in the task's folder. For files a path or glob below the folder; for commands the command itself,
   * or its beginning followed by ` *`.
   */
  pattern: z.string().min(1).max(2000).nullable(),
  /** From this time on it permits nothing. */
  until: Time.optional(),
});
export type TaskGrant = z.infer<typeof TaskGrant>;

/** What an answer left behind: it holds for one task, for one conversation, or, where both are null, for every conversation. */
export const Permission = z.object({
  id: z.number().int(),
  conversation: ConversationId.nullable(),
  task: TaskId.nullable(),
  tool: z.string(),
  /** A pattern, or in one line the call that it covers exactly; null: every call of this tool in the folder. */
  what: z.string().nullable(),
  folder: z.string(),
  until: Time.nullable(),
  createdAt: Time,
});
export type Permission = z.infer<typeof Permission>;

/** A call that changed something without the person having been asked, because a grant covered it. */
export const UnaskedCall = z.object({ run: z.number().int(), call: z.string(), tool: z.string(), title: z.string(), at: z.number().int() });
export type UnaskedCall = z.infer<typeof UnaskedCall>;

// A permission given to a task when it is added: with them it works alone, and everything else waits for the person.
import { z } from 'zod';

export const TaskGrant = z.object({
  tool: z.string().min(1).max(200),
  /**
   * Null: every call of this tool that stays in the task's folder. For files a path or glob below the folder; for commands the command itself,
   * or its beginning followed by ` *`.
   */
  pattern: z.string().min(1).max(2000).nullable(),
});
export type TaskGrant = z.infer<typeof TaskGrant>;

/** A call that changed something without the person having been asked, because a grant covered it. */
export const UnaskedCall = z.object({ run: z.number().int(), call: z.string(), tool: z.string(), title: z.string(), at: z.number().int() });
export type UnaskedCall = z.infer<typeof UnaskedCall>;

// What one run of a task may use. Reserved before a call, settled after it; when it is spent the run waits for the person.
import { z } from 'zod';

export const Budget = z.object({
  /** Tokens read and written by models; those found in a cache do not count. */
  tokens: z.number().int().positive().optional(),
  /** Minutes at work, without the time it waited. */
  minutes: z.number().positive().max(1_000_000).optional(),
  /** Model replies. */
  steps: z.number().int().positive().optional(),
});
export type Budget = z.infer<typeof Budget>;

/** What a run has used, in the units of its budget. */
export const Spent = z.object({ tokens: z.number().int(), minutes: z.number(), steps: z.number().int() });
export type Spent = z.infer<typeof Spent>;

// What a person wants to know when a task has ended, beside its last words: read from the journal, never kept on its own.
import { z } from 'zod';
import { Evidence } from './acceptance.ts';
import { Spent } from './budget.ts';
import { Usage } from './run.ts';

export const FileChange = z.object({ path: z.string(), change: z.enum(['added', 'changed', 'removed']) });
export type FileChange = z.infer<typeof FileChange>;

export const ReportedFile = FileChange.extend({
  /** True where the assistant wrote it itself, so that what it changed can be shown; else it was found after its commands. */
  written: z.boolean(),
});
export type ReportedFile = z.infer<typeof ReportedFile>;

export const Report = z.object({
  /** Of the last round of checks; empty where it ended before one. */
  evidence: z.array(Evidence),
  files: z.array(ReportedFile),
  /** True where commands ran in a folder that was too large to be compared: they may have changed more. */
  incomplete: z.boolean(),
  /** Calls of which it is not known whether they happened, each in one line. */
  unknown: z.array(z.string()),
  spent: Spent,
  usage: Usage.nullable(),
});
export type Report = z.infer<typeof Report>;

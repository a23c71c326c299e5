// When a task counts as done: checks that code runs at its end, and the evidence they leave.
import { z } from 'zod';
import { Fault } from './fault.ts';

const Path = z.string().trim().min(1).max(4096);
/** Source of a regular expression, read with the flags `mu`. */
const Pattern = z.string().min(1).max(2000);
/** Files below the task's folder, such as `out/*.md`. */
const Glob = z.string().trim().min(1).max(1000);

/** Paths are relative to the task's folder. */
export const Check = z.discriminatedUnion('type', [
  /** Ends with exit code 0, run in the sandbox. */
  z.object({ type: z.literal('command'), command: z.string().trim().min(1).max(20_000) }),
  /** Exists, and its text matches where a pattern is given. */
  z.object({ type: z.literal('file'), path: Path, matches: Pattern.optional() }),
  /** A file or folder that must be as it was; `was` is its fingerprint, taken by code when the task was added. */
  z.object({ type: z.literal('unchanged'), path: Path, was: z.string().optional() }),
  /** A JSON file that fits a JSON Schema. */
  z.object({ type: z.literal('schema'), path: Path, schema: z.record(z.string(), z.unknown()) }),
  z.object({ type: z.literal('count'), files: Glob, least: z.number().int().min(0).optional(), most: z.number().int().min(0).optional() }),
  /** Each of these files matches, and there are at least so many: one, if not given. */
  z.object({ type: z.literal('each'), files: Glob, matches: Pattern, least: z.number().int().min(0).optional() }),
]);
export type Check = z.infer<typeof Check>;

/** What one check found. A judgement is a model's own, made with a fresh context where no check could be run. */
export const Evidence = z.object({
  check: z.union([Check, z.object({ type: z.literal('judgement') })]),
  ok: z.boolean(),
  /** What was expected and what was found; long output is shortened. */
  detail: z.string(),
  /** The sentence with which `detail` ends, for who reads another language. */
  said: Fault.optional(),
});
export type Evidence = z.infer<typeof Evidence>;

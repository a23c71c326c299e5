// Reads a grant as a person types it: the tool, and after a colon what of it.
import { TaskGrant } from '../contract/grant.ts';
import type { Read } from './checks/grammar.ts';

/** `write_file`, `write_file:out/*.md`, `run_command:npm test *`. */
export function parseGrant(text: string): Read<TaskGrant> {
  const [, tool, pattern] = /^([\w.-]+)(?::([\s\S]+))?$/.exec(text.trim()) ?? [];
  const read = TaskGrant.safeParse({ tool, pattern: pattern ?? null });
  if (read.success) return { ok: true, value: read.data };
  return { ok: false, reason: `"${text}" is no grant that could be read. Write it like write_file, write_file:out/*.md or "run_command:npm test *".` };
}

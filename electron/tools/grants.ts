// Grants as people type them, what their patterns cover, and which can't mean anything. Pure.
import { posix, sep } from 'node:path';
import { type Fault, fault, type Reply, refusal } from '../contract/fault.ts';
import { TaskGrant } from '../contract/grant.ts';
import type { Preview, Tool } from './tool.ts';

type Patterns = Tool['patterns'];

/** Everything by which a shell could do more than the one program that it was told to run. What merely could, inside quotes, asks too. */
const control = process.platform === 'win32' ? /[\p{Cc};&|<>`$(){}\\^%]/u : /[\p{Cc};&|<>`$(){}\\]/u;
const short: Readonly<Record<string, string>> = { write: 'write_file', run: 'run_command' };

/** `write_file`, `write:out/*.md`, `run_command:npm test *`. */
export function parseGrant(text: string): Reply<TaskGrant> {
  const [, name = '', pattern] = /^([\w.-]+)(?::([\s\S]+))?$/.exec(text.trim()) ?? [];
  const read = TaskGrant.safeParse({ tool: short[name] ?? name, pattern: pattern?.trim() ?? null });
  return read.success ? { ok: true, value: read.data } : refusal('typed.grant', { text });
}

/** Whether a pattern covers what a call would act on. Null covers everything that stays in the folder. */
export function covers(patterns: Patterns, pattern: string | null, subject: NonNullable<Preview['subject']>): boolean {
  if (patterns === 'command') return pattern === null || coversCommand(pattern, subject.text);
  if (patterns !== 'path') return false;
  const inside = subject.text.startsWith(subject.folder.endsWith(sep) ? subject.folder : subject.folder + sep);
  const path = subject.text.slice(subject.folder.length).replaceAll(sep, '/').replace(/^\//, '');
  return inside && (pattern === null || path === posix.normalize(pattern) || posix.matchesGlob(path, posix.normalize(pattern)));
}

/** Why such a grant can't mean anything; null where it can. */
export function refuseGrant({ tool: name, pattern }: TaskGrant, tools: readonly Pick<Tool, 'name' | 'patterns'>[], folder: string | null): Fault | null {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) return fault('typed.grant-tool', { tool: name, tools: tools.map((one) => one.name).join(', ') });
  if (tool.patterns !== undefined && folder === null) return fault('typed.grant-place', { tool: name });
  if (pattern === null) return null;
  if (tool.patterns === undefined) return fault('typed.grant-whole', { tool: name, pattern });
  return tool.patterns === 'path' ? refusePath(pattern) : refuseCommand(pattern);
}

function coversCommand(pattern: string, command: string): boolean {
  if (command === pattern) return true;
  const start = startOf(pattern);
  return start !== null && !control.test(command) && (command === start || command.startsWith(`${start} `));
}

/** What a command must begin with, where the pattern ends in ` *`. */
function startOf(pattern: string): string | null {
  return pattern.endsWith(' *') ? pattern.slice(0, -2) : null;
}

function refusePath(pattern: string): Fault | null {
  const path = posix.normalize(pattern);
  if (/^([/~]|[a-z]:)/i.test(path) || path.split('/').includes('..')) return fault('typed.grant-outside', { pattern });
  if (/[\p{Cc}\\]/u.test(path) || path === '.') return fault('typed.grant-name', { pattern });
  return path.endsWith('/') ? fault('typed.grant-folder', { pattern, path }) : null;
}

function refuseCommand(pattern: string): Fault | null {
  const start = startOf(pattern);
  if (pattern === '*' || start?.trim() === '') return fault('typed.grant-every');
  if (start !== null && control.test(start)) return fault('typed.grant-never', { pattern });
  return pattern.trim() === pattern && !pattern.includes('\0') ? null : fault('typed.grant-space', { pattern });
}

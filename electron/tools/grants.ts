// Grants as people type them, what their patterns cover, and which can't mean anything. Pure.
import { posix, sep } from 'node:path';
import { TaskGrant } from '../contract/grant.ts';
import type { Preview, Tool } from './tool.ts';

type Patterns = Tool['patterns'];

/** Everything by which a shell could do more than the one program that it was told to run. What merely could, inside quotes, asks too. */
const control = process.platform === 'win32' ? /[\p{Cc};&|<>`$(){}\\^%]/u : /[\p{Cc};&|<>`$(){}\\]/u;
const short: Readonly<Record<string, string>> = { write: 'write_file', run: 'run_command' };

/** `write_file`, `write:out/*.md`, `run_command:npm test *`. */
export function parseGrant(text: string): { readonly ok: true; readonly value: TaskGrant } | { readonly ok: false; readonly reason: string } {
  const [, name = '', pattern] = /^([\w.-]+)(?::([\s\S]+))?$/.exec(text.trim()) ?? [];
  const read = TaskGrant.safeParse({ tool: short[name] ?? name, pattern: pattern?.trim() ?? null });
  if (read.success) return { ok: true, value: read.data };
  return { ok: false, reason: `"${text}" is no grant that could be read. Write it like write_file, write_file:out/*.md or "run_command:npm test *".` };
}

/** Whether a pattern covers what a call would act on. Null covers everything that stays in the folder. */
export function covers(patterns: Patterns, pattern: string | null, subject: NonNullable<Preview['subject']>): boolean {
  if (patterns === 'command') return pattern === null || coversCommand(pattern, subject.text);
  if (patterns !== 'path') return false;
  const inside = subject.text.startsWith(subject.folder.endsWith(sep) ? subject.folder : subject.folder + sep);
  const path = subject.text.slice(subject.folder.length).replaceAll(sep, '/').replace(/^\//, '');
  return inside && (pattern === null || path === posix.normalize(pattern) || posix.matchesGlob(path, posix.normalize(pattern)));
}

/** Why such a grant can't mean anything, as a sentence; null where it can. */
export function refuseGrant({ tool: name, pattern }: TaskGrant, tools: readonly Pick<Tool, 'name' | 'patterns'>[], folder: string | null): string | null {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) return `There is no tool ${name} to grant. The tools are: ${tools.map((one) => one.name).join(', ')}.`;
  if (tool.patterns !== undefined && folder === null) return `A grant for ${name} holds inside a folder, and none is chosen. Choose one.`;
  if (pattern === null) return null;
  if (tool.patterns === undefined) return `${name} can only be granted as a whole: leave out "${pattern}".`;
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

function refusePath(pattern: string): string | null {
  const path = posix.normalize(pattern);
  if (/^([/~]|[a-z]:)/i.test(path) || path.split('/').includes('..')) return `"${pattern}" leads out of the task's folder. Give a path or a glob below it.`;
  if (/[\p{Cc}\\]/u.test(path) || path === '.') return `No file can be named "${pattern}". Give a path or a glob below the folder, such as out/*.md.`;
  return path.endsWith('/') ? `"${pattern}" names a folder. Write ${path}** for everything in it.` : null;
}

function refuseCommand(pattern: string): string | null {
  const start = startOf(pattern);
  if (pattern === '*' || start?.trim() === '') return 'To grant every command, leave out the pattern.';
  if (start !== null && control.test(start))
    return `"${pattern}" can never match: a beginning with * covers one plain program, without ; & | < > $ and the like.`;
  return pattern.trim() === pattern && !pattern.includes('\0') ? null : `No command begins or ends with a space as "${pattern}" does.`;
}

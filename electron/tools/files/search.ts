// The tool search_files: literal text in the names and lines of all files below the folder.
import type { Dirent } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { type CallPlace, type Tool, ToolRefusal, type ToolResult } from '../tool.ts';
import { chosenFolder, readFolder, readInside } from './folder.ts';
import { quoteName } from './spelling.ts';

const parameters = z.strictObject({ query: z.string() });
type Arguments = z.infer<typeof parameters>;

export type SearchLimits = {
  /** Milliseconds after which the search ends with what it has. */
  readonly timeMs: number;
  /** Results shown at most. */
  readonly hits: number;
  /** Bytes of a file above which its content is not searched. */
  readonly fileBytes: number;
};

const usual: SearchLimits = { timeMs: 10_000, hits: 100, fileBytes: 2_000_000 };
/** Folders that hold what nobody wrote by hand. */
const passedOver: ReadonlySet<string> = new Set(['.git', 'node_modules']);
/** Characters shown of a line, so that a minified file does not fill the answer. */
const lineCharacters = 160;
const filesAtOnce = 8;

type Search = {
  readonly root: string;
  readonly query: string;
  readonly limits: SearchLimits;
  readonly until: number;
  readonly signal: AbortSignal;
  readonly hits: string[];
  readonly left: Map<LeftOut, number>;
  files: number;
};
type LeftOut = '.git or node_modules folder' | 'link' | 'binary file' | 'big file' | 'unreadable place';

export function createSearchFiles(limits: SearchLimits = usual): Tool<Arguments> {
  return {
    name: 'search_files',
    description: 'Finds literal text, ignoring case, in file names and lines below the chosen folder.',
    parameters,
    effect: 'none',
    asks: false,
    title: (args) => quoteName(args.query),
    prepare: async (args, place) => {
      const root = await chosenFolder(place);
      refuseUnusable(args.query);
      return { title: quoteName(args.query), payload: '', before: null, scope: root };
    },
    run: (args, place) => search(args.query, place, limits),
  };
}

async function search(query: string, place: CallPlace, limits: SearchLimits): Promise<ToolResult> {
  refuseUnusable(query);
  const root = await chosenFolder(place);
  const state: Search = {
    root,
    query: query.toLowerCase(),
    limits,
    until: performance.now() + limits.timeMs,
    signal: place.signal,
    hits: [],
    left: new Map(),
    files: 0,
  };
  // Folders that wait for their turn; the last is next, so a folder is finished before its neighbour begins.
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined && !isOver(state); folder = waiting.pop()) waiting.push(...(await searchFolder(folder, state)));
  const lines = state.hits.slice(0, limits.hits);
  return { ok: true, output: [...lines, summary(state, lines.length)].join('\n') };
}

/** Searches the files of one folder and returns its subfolders, in the order in which they are to be taken from the end. */
async function searchFolder(folder: string, state: Search): Promise<readonly string[]> {
  const entries = await readFolder({ root: state.root, path: folder, shown: folder }).catch(() => leaveOut('unreadable place', state));
  const entered = (entries ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)).filter((entry) => isEntered(entry, state));
  for (const entry of entered)
    if (entry.name.toLowerCase().includes(state.query)) state.hits.push(`${shownPath(join(folder, entry.name), state)}${entry.isDirectory() ? '/' : ''}`);
  const files = entered.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name));
  for (let at = 0; at < files.length && !isOver(state); at += filesAtOnce) {
    const found = await Promise.all(files.slice(at, at + filesAtOnce).map((path) => searchFile(path, state)));
    state.hits.push(...found.flat());
  }
  const folders = entered.filter((entry) => entry.isDirectory());
  return folders.map((entry) => join(folder, entry.name)).reverse();
}

function isEntered(entry: Dirent, state: Search): boolean {
  if (entry.isSymbolicLink()) leaveOut('link', state);
  const skipped = entry.isDirectory() && passedOver.has(entry.name);
  if (skipped) leaveOut('.git or node_modules folder', state);
  return !skipped && (entry.isDirectory() || entry.isFile());
}

async function searchFile(path: string, state: Search): Promise<readonly string[]> {
  const text = await textOf(path, state);
  if (text === null) return [];
  state.files += 1;
  // Most files hold nothing: one look at the whole is much cheaper than one at each line.
  if (!text.toLowerCase().includes(state.query)) return [];
  const shown = shownPath(path, state);
  return text.split('\n').flatMap((line, index) => {
    const at = line.toLowerCase().indexOf(state.query);
    return at < 0 ? [] : [`${shown}:${index + 1}: ${excerpt(line, at)}`];
  });
}

/** The text of a file; null, and counted, where it is not searched. */
async function textOf(path: string, state: Search): Promise<string | null> {
  try {
    const { bytes } = await readInside({ root: state.root, path, shown: path }, state.limits.fileBytes);
    if (bytes === null) return leaveOut('big file', state);
    return bytes.includes(0) ? leaveOut('binary file', state) : new TextDecoder().decode(bytes);
  } catch {
    return leaveOut('unreadable place', state);
  }
}

function leaveOut(why: LeftOut, state: Search): null {
  state.left.set(why, (state.left.get(why) ?? 0) + 1);
  return null;
}

/** Throws when the person stopped the run. */
function isOver(state: Search): boolean {
  state.signal.throwIfAborted();
  return state.hits.length > state.limits.hits || performance.now() > state.until;
}

function excerpt(line: string, at: number): string {
  const text = line.trim();
  if (text.length <= lineCharacters) return text;
  const start = Math.max(0, at - lineCharacters / 2);
  return `${start > 0 ? '…' : ''}${line.slice(start, start + lineCharacters).toWellFormed()}…`;
}

function shownPath(path: string, state: Search): string {
  return quoteName(relative(state.root, path).replaceAll(sep, '/'));
}

function summary(state: Search, shown: number): string {
  const left = [...state.left].map(([why, count]) => counted(count, why));
  const notes = [
    `${shown === 0 ? 'Nothing found; ' : ''}${counted(state.files, 'file')} searched`,
    ...(left.length > 0 ? [`left out: ${left.join(', ')}`] : []),
  ];
  if (state.hits.length > state.limits.hits) notes.push(`ended after ${state.limits.hits} results; a longer query finds fewer`);
  else if (performance.now() > state.until) notes.push(`ended after ${state.limits.timeMs / 1000} s, so there may be more`);
  return `[${notes.join('; ')}]`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function refuseUnusable(query: string): void {
  if (query.trim() === '') throw new ToolRefusal('The query is empty. Give the text to look for.');
  if (/[\r\n]/.test(query)) throw new ToolRefusal('The query has more than one line. Give text from one line.');
}

// The tool list_files: what a folder holds, sorted, with sizes.
import type { Dirent } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Tool, ToolRefusal } from '../tool.ts';
import { codeOf, type Inside, readFolder, resolveInside } from './folder.ts';
import { quoteName } from './spelling.ts';

const parameters = z.strictObject({ path: z.string() });
type Arguments = z.infer<typeof parameters>;

/** Entries shown at most; the rest is counted. */
const shownEntries = 200;

export const listFiles: Tool<Arguments> = {
  name: 'list_files',
  description: 'Lists a folder: subfolders end with /, files with their bytes. "." is the chosen folder.',
  parameters,
  effect: 'none',
  asks: false,
  title: (args) => quoteName(args.path),
  prepare: async (args, place) => {
    const inside = await resolveInside(args.path, place);
    await entriesOf(inside);
    return { title: inside.shown, payload: '', before: null, scope: inside.path };
  },
  run: async (args, place) => {
    const inside = await resolveInside(args.path, place);
    const entries = (await entriesOf(inside)).sort((a, b) => (a.name < b.name ? -1 : 1));
    place.signal.throwIfAborted();
    const lines = await Promise.all(entries.slice(0, shownEntries).map((entry) => line(inside, entry)));
    if (lines.length === 0) return { ok: true, output: '[The folder is empty.]' };
    const rest = entries.length - lines.length;
    return { ok: true, output: [...lines, ...(rest > 0 ? [`[${rest} more are not shown; use search_files or run_command to find them.]`] : [])].join('\n') };
  },
};

async function entriesOf(inside: Inside): Promise<Dirent[]> {
  try {
    return await readFolder(inside);
  } catch (reason) {
    if (reason instanceof ToolRefusal) throw reason;
    if (codeOf(reason) === 'ENOENT') throw new ToolRefusal(`There is no folder ${inside.shown}. Use list_files on the folder above it.`);
    if (codeOf(reason) === 'ENOTDIR') throw new ToolRefusal(`${inside.shown} is a file, not a folder. Use read_file to read it.`);
    throw new ToolRefusal(`${inside.shown} can not be listed (${codeOf(reason)}). Choose another folder or tell the person.`);
  }
}

async function line(inside: Inside, entry: Dirent): Promise<string> {
  const name = quoteName(entry.name);
  const path = join(inside.path, entry.name);
  if (entry.isDirectory()) return `${name}/`;
  try {
    if (entry.isSymbolicLink()) return `${name} -> ${quoteName(await readlink(path))}`;
    return entry.isFile() ? `${name} ${(await lstat(path)).size}` : `${name} (not a regular file)`;
  } catch (reason) {
    return `${name} (${codeOf(reason)})`;
  }
}

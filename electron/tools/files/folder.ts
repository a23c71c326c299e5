// Keeps every path that the model gives inside the folder that the person chose, links and swaps included.
import { constants, type Dirent, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fault } from '../../contract/fault.ts';
import { type CallPlace, ToolRefusal } from '../tool.ts';
import { misspelling, quoteName } from './spelling.ts';

/** A place inside the folder, with every link resolved. Nothing needs to exist there. */
export type Inside = {
  /** The folder it is confined to, absolute and real. */
  readonly root: string;
  /** Absolute and real, so far as it exists. */
  readonly path: string;
  /** How the model and the person see it: relative to the folder, with "/". */
  readonly shown: string;
};

/** The chosen folder, absolute and real. Throws a ToolRefusal where none is chosen or it is gone. */
export async function chosenFolder(place: CallPlace): Promise<string> {
  if (place.folder === null) throw new ToolRefusal(fault('path.no-folder'));
  // The separator at the end makes it fail for a file.
  const root = await realOrNull(place.folder + sep);
  if (root === null) throw new ToolRefusal(fault('path.folder-gone', { folder: place.folder }));
  return root;
}

/** Where `asked` is inside the chosen folder. Throws a ToolRefusal for everything that is spelled wrongly or leads out. */
export async function resolveInside(asked: string, place: CallPlace): Promise<Inside> {
  return confine(asked, await chosenFolder(place));
}

/** Like `resolveInside`, and also finds what an earlier call wrote to the scratch folder, by its absolute path. */
export async function resolveReadable(asked: string, place: CallPlace): Promise<Inside> {
  if (!isAbsolute(asked) || !isWithin(resolve(asked), place.scratch)) return resolveInside(asked, place);
  const scratch = await realpath(place.scratch);
  const found = await confine(join(scratch, relative(place.scratch, resolve(asked))), scratch);
  return { ...found, shown: found.path };
}

/**
 * Opens a regular file for reading and makes sure that what was opened is what stands at that place: a link that is put there
 * meanwhile, at any level, is noticed. The caller closes the handle. Throws a ToolRefusal for everything but a regular file.
 */
export async function openInside(inside: Inside): Promise<{ readonly handle: FileHandle; readonly stats: Stats }> {
  const expected = await fileStats(inside);
  if (expected === null) throw missingFile(inside);
  const handle = await openUnlinked(inside);
  try {
    const stats = await handle.stat();
    await checkUnmoved(inside, stats);
    return { handle, stats };
  } catch (reason) {
    await handle.close();
    throw reason;
  }
}

/** All bytes of a regular file, or null for them where there are more than `most`. Throws as `openInside` does. */
export async function readInside(inside: Inside, most: number): Promise<{ readonly bytes: Buffer | null; readonly stats: Stats }> {
  const { handle: opened, stats } = await openInside(inside);
  await using handle = opened;
  return { bytes: stats.size > most ? null : await handle.readFile(), stats };
}

/** What a folder holds, unsorted. Throws the system's error where it can't be read, and a ToolRefusal where a link took its place meanwhile. */
export async function readFolder(inside: Inside): Promise<Dirent[]> {
  const entries = await readdir(inside.path, { withFileTypes: true });
  if ((await realOrNull(inside.path)) !== inside.path) throw new ToolRefusal(`${inside.shown} was replaced while it was being listed. Try again.`);
  return entries;
}

/** What stands there, null for nothing. Throws a ToolRefusal for everything but a regular file. */
export async function fileStats(inside: Inside): Promise<Stats | null> {
  const stats = await lstat(inside.path).catch(orNullIfMissing);
  if (stats === null || stats.isFile()) return stats;
  if (stats.isDirectory()) throw new ToolRefusal(fault('path.is-folder', { path: inside.shown }));
  throw new ToolRefusal(fault(`path.${kindOf(stats)}`, { path: inside.shown }));
}

/** What is said where a file is to be read that does not exist. */
export function missingFile({ shown }: Inside, code: 'path.missing' | 'check.missing' = 'path.missing'): ToolRefusal {
  return new ToolRefusal(fault(code, { path: shown }));
}

/** Throws a ToolRefusal unless `stats` (of something just opened or made) still stands at this place and no link leads elsewhere. */
export async function checkUnmoved(inside: Inside, stats: Stats): Promise<void> {
  const real = await realOrNull(inside.path);
  const now = real === inside.path ? await lstat(inside.path).catch(orNullIfMissing) : null;
  if (now === null || now.ino !== stats.ino || now.dev !== stats.dev)
    throw new ToolRefusal(`${inside.shown} was replaced while it was being opened. Try again.`);
}

/** Whether `path` is `root` or below it. Both absolute; pure. */
export function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

async function confine(asked: string, root: string): Promise<Inside> {
  const problem = misspelling(asked, process.platform);
  if (problem !== null) throw new ToolRefusal(problem);
  const wanted = resolve(root, asked.toWellFormed());
  const path = await realSoFar(wanted, quoteName(asked));
  if (!isWithin(path, root)) throw new ToolRefusal(fault(isWithin(wanted, root) ? 'path.leads-out' : 'path.outside', { path: quoteName(asked), folder: root }));
  return { root, path, shown: quoteName(relative(root, path).replaceAll(sep, '/') || '.') };
}

/** Resolves the links of the deepest part that exists; the rest, which does not exist, is appended. */
async function realSoFar(path: string, shown: string): Promise<string> {
  const missing: string[] = [];
  for (let here = path; ; here = dirname(here)) {
    const real = await realOrRefuse(here, shown);
    if (real !== null) return join(real, ...missing);
    missing.unshift(basename(here));
  }
}

async function realOrRefuse(path: string, shown: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (reason) {
    if (codeOf(reason) === 'ENOTDIR') throw new ToolRefusal(fault('path.through-file', { path: shown }));
    if (codeOf(reason) === 'ELOOP') throw new ToolRefusal(fault('path.circle', { path: shown }));
    if (codeOf(reason) === 'ENAMETOOLONG') throw new ToolRefusal(fault('path.name-long', { path: shown }));
    if (codeOf(reason) !== 'ENOENT') throw new ToolRefusal(fault('path.unreachable', { path: shown, reason: codeOf(reason) }));
  }
  const link = await lstat(path).catch(orNullIfMissing);
  if (link?.isSymbolicLink()) throw new ToolRefusal(fault('path.link-dead', { path: shown }));
  return null;
}

async function openUnlinked(inside: Inside): Promise<FileHandle> {
  try {
    // Without blocking, so that a named pipe put there meanwhile can't make the call hang. Windows knows neither flag.
    return await open(inside.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (reason) {
    throw new ToolRefusal(`${inside.shown} can not be opened (${codeOf(reason)}). Choose another file or tell the person.`);
  }
}

function kindOf(stats: Stats): 'pipe' | 'socket' | 'link' | 'device' {
  if (stats.isFIFO()) return 'pipe';
  if (stats.isSocket()) return 'socket';
  return stats.isSymbolicLink() ? 'link' : 'device';
}

async function realOrNull(path: string): Promise<string | null> {
  return realpath(path).catch(orNullIfMissing);
}

function orNullIfMissing(reason: unknown): null {
  if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES'].includes(codeOf(reason))) return null;
  throw reason;
}

/** The system's code of an error, such as ENOENT. */
export function codeOf(reason: unknown): string {
  return reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason);
}

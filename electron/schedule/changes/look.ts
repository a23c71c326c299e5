// What a file or a folder looks like at the moment, as a short text that differs when it has changed: names, sizes and times, not contents.
import { createHash } from 'node:crypto';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export type Look =
  | { readonly type: 'seen' /** Begins with `folder` or `file`. */; readonly print: string }
  | { readonly type: 'gone' }
  | { readonly type: 'unreadable' /** The system's code, or `too-many`. */; readonly reason: string };

/** Larger folders are for tools that were made for them. Files and folders, those in folders included. */
export const mostWatched = 20_000;

/** Never rejects. A folder is looked through to its end; links in it are not followed. May take as long as the disk does. */
export async function lookAt(path: string): Promise<Look> {
  try {
    const found = await stat(path, { bigint: true });
    if (!found.isDirectory()) return { type: 'seen', print: `file ${found.size} ${found.mtimeNs}` };
    const lines: string[] = [];
    await list(path, '', lines);
    if (lines.length > mostWatched) return { type: 'unreadable', reason: 'too-many' };
    return { type: 'seen', print: `folder ${createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 32)}` };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return code === 'ENOENT' || code === 'ENOTDIR' ? { type: 'gone' } : { type: 'unreadable', reason: code };
  }
}

async function list(root: string, within: string, lines: string[]): Promise<void> {
  const names = (await readdir(join(root, within))).sort();
  const found = await Promise.all(names.map((name) => lstat(join(root, within, name), { bigint: true }).catch(() => null)));
  for (const [index, name] of names.entries()) {
    if (lines.length > mostWatched) return;
    const path = join(within, name);
    const one = found[index] ?? null;
    const isFolder = one?.isDirectory() === true;
    // A folder's own time changes with every file in it, which stands here itself.
    lines.push(one === null ? `${path} -` : isFolder ? `${path} /` : `${path} ${one.size} ${one.mtimeNs}`);
    if (isFolder) await list(root, path, lines).catch(() => lines.push(`${path} closed`));
  }
}

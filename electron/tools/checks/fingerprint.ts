// What a file or folder holds, as one hash: two of them are the same exactly where names, kinds and contents are.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fault } from '../../contract/fault.ts';
import { type Inside, missingFile } from '../files/folder.ts';
import { ToolRefusal } from '../tool.ts';

const mostFiles = 20_000;

/** Throws a ToolRefusal where there is nothing, or too much to look at. */
export async function fingerprint(inside: Inside): Promise<string> {
  const hash = createHash('sha256');
  await addTo(hash, inside.path, '', { left: mostFiles, inside });
  return hash.digest('hex');
}

async function addTo(hash: Hash, path: string, name: string, walk: { left: number; readonly inside: Inside }): Promise<void> {
  if (walk.left-- <= 0) throw new ToolRefusal(fault('check.deep', { path: walk.inside.shown, limit: mostFiles }));
  const stats = await lstat(path).catch(() => null);
  if (stats === null) throw missingFile(walk.inside, 'check.missing');
  if (stats.isDirectory()) {
    hash.update(`folder ${name}\0`);
    for (const entry of (await readdir(path)).sort()) await addTo(hash, join(path, entry), `${name}/${entry}`, walk);
  } else if (stats.isFile()) {
    hash.update(`file ${name} ${stats.size}\0`);
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } else hash.update(`other ${name} ${stats.isSymbolicLink() ? await readlink(path) : stats.mode}\0`);
}

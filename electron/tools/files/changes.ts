// What a run changed in its folder: copies of what it replaced itself, and a comparison of the folder before and after its commands.
import { hash as digest } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileChange } from '../../contract/report.ts';
import type { CallPlace, Tool } from '../tool.ts';
import { chosenFolder, codeOf, type Inside, readInside } from './folder.ts';

/** Size and time of change of each file, by its path below the folder. */
type Listing = Readonly<Record<string, string>>;

/** Copies are kept of files up to this many bytes. */
const mostBytes = 1_000_000;
/** Folders with more files are not compared. */
const mostFiles = 10_000;
/** Kept by other programs for themselves. */
const passedOver: ReadonlySet<string> = new Set(['.git', 'node_modules']);
const listingFile = 'listing.json';

/** A SHA-256 hash in base64url as receipts hold it: 192 bits, because every write leaves two of them in the journal. */
export function shortened(hash: string): string {
  return hash.slice(0, 32);
}

/** Keeps what stands there, named by its hash, before it is replaced. Nothing where it is too long. */
export async function keepCopy(inside: Inside, hash: string, { scratch }: CallPlace): Promise<void> {
  const { bytes } = await readInside(inside, mostBytes);
  if (bytes === null || shortened(digest('sha256', bytes, 'base64url')) !== hash) return;
  await mkdir(join(scratch, 'before'), { recursive: true });
  await writeWhole(join(scratch, 'before', hash), bytes);
}

/** Null where no copy was kept, or where it is no text. */
export async function copyOf(scratch: string, hash: string): Promise<string | null> {
  const bytes = await readFile(join(scratch, 'before', hash)).catch(orNull);
  return bytes === null ? null : wholeText(bytes);
}

/** Null where it is no text: another write of it would not give the same bytes. */
export function wholeText(bytes: Buffer): string | null {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return bytes.includes(0) || !Buffer.from(text).equals(bytes) ? null : text;
}

/** A tool that can change anything: before its first call in a run the folder is looked at. */
export function listedFirst(tool: Tool): Tool {
  if (tool.name !== 'run_command') return tool;
  return {
    ...tool,
    run: async (args, place, receipt) => {
      await keepListing(place);
      return tool.run(args, place, receipt);
    },
  };
}

/** What is different since that look; null where there was none. `complete` is false where the folder was too large. */
export async function changesSince(place: CallPlace): Promise<{ readonly files: FileChange[]; readonly complete: boolean } | null> {
  const kept = await readFile(join(place.scratch, listingFile), 'utf8').catch(orNull);
  if (kept === null) return null;
  const before = JSON.parse(kept) as Listing | null;
  const after = before === null ? null : await list(place);
  return before === null || after === null ? { files: [], complete: false } : { files: compare(before, after), complete: true };
}

async function keepListing(place: CallPlace): Promise<void> {
  const file = join(place.scratch, listingFile);
  if ((await lstat(file).catch(orNull)) === null) await writeWhole(file, JSON.stringify(await list(place)));
}

function compare(before: Listing, after: Listing): FileChange[] {
  const removed = Object.keys(before).filter((path) => !Object.hasOwn(after, path));
  const others = Object.entries(after).flatMap(([path, state]): FileChange[] => {
    if (!Object.hasOwn(before, path)) return [{ path, change: 'added' }];
    return before[path] === state ? [] : [{ path, change: 'changed' }];
  });
  return [...removed.map((path): FileChange => ({ path, change: 'removed' })), ...others].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Null where there are too many files, or the folder is gone. Links are not followed. */
async function list(place: CallPlace): Promise<Listing | null> {
  const root = await chosenFolder(place).catch(() => null);
  if (root === null) return null;
  const found: Record<string, string> = {};
  const waiting = [''];
  let count = 0;
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    for (const entry of await readdir(join(root, below), { withFileTypes: true }).catch(() => [])) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && !passedOver.has(entry.name)) waiting.push(path);
      if (!entry.isFile()) continue;
      if (++count > mostFiles) return null;
      const stats = await lstat(join(root, path)).catch(orNull);
      if (stats !== null) found[path] = `${stats.size} ${stats.mtimeMs}`;
    }
  }
  return found;
}

/** Complete, or not there. */
async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  await writeFile(`${path}.tmp`, content, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}

function orNull(reason: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes(codeOf(reason))) return null;
  throw reason;
}

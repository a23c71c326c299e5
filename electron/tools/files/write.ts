// The tool write_file: puts a whole text file in place at once, so that nobody ever sees half of it.
import { createHash, hash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, constants, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { type CallPlace, type Tool, ToolRefusal } from '../tool.ts';
import { keepCopy, shortened, wholeText } from './changes.ts';
import { checkUnmoved, codeOf, fileStats, type Inside, openInside, readInside, resolveInside } from './folder.ts';
import { quoteName } from './spelling.ts';

const parameters = z.strictObject({ path: z.string(), content: z.string() });
type Arguments = z.infer<typeof parameters>;

/** What the file held before and holds after, as SHA-256; null for no file. */
const Receipt = z.object({ before: z.string().nullable(), after: z.string() });

/** A file up to this many bytes is shown to the person as it stands now. */
const shownBytes = 1_000_000;

export const writeFile: Tool<Arguments> = {
  name: 'write_file',
  description: 'Writes a whole text file, replacing what was there; makes missing folders.',
  parameters,
  effect: 'repeatable',
  asks: true,
  patterns: 'path',
  title: (args) => quoteName(args.path),
  prepare: async (args, place) => {
    const inside = await resolveWritable(args.path, place);
    const subject = { text: inside.path, folder: inside.root };
    return { title: inside.shown, payload: args.content.toWellFormed(), before: await standing(inside), scope: inside.root, subject };
  },
  receipt: async (args, place) => {
    const inside = await resolveWritable(args.path, place);
    const before = await hashOf(inside);
    if (before !== null) await keepCopy(inside, before, place);
    return JSON.stringify({ before, after: shortened(hash('sha256', args.content, 'base64url')) });
  },
  probe: async (args, receipt, place) => {
    try {
      return await compare(args, Receipt.parse(JSON.parse(receipt)), place);
    } catch (reason) {
      if (reason instanceof ToolRefusal) return 'unknown';
      throw reason;
    }
  },
  run: async (args, place) => {
    const inside = await resolveWritable(args.path, place);
    place.signal.throwIfAborted();
    const existed = (await fileStats(inside)) !== null;
    await replace(inside, args.content);
    return { ok: true, output: `Wrote ${Buffer.byteLength(args.content)} bytes to ${inside.shown} (${existed ? 'replaced' : 'new file'}).` };
  },
};

/** What stands there now against what stood there before and what should stand there; clears away what an interrupted call left. */
async function compare(args: Arguments, receipt: z.infer<typeof Receipt>, place: CallPlace): Promise<'happened' | 'did-not-happen' | 'unknown'> {
  const inside = await resolveWritable(args.path, place);
  const now = await hashOf(inside);
  await rm(temporaryOf(inside, args.content), { force: true });
  if (now === receipt.after) return 'happened';
  return now === receipt.before ? 'did-not-happen' : 'unknown';
}

async function resolveWritable(asked: string, place: CallPlace): Promise<Inside> {
  const inside = await resolveInside(asked, place);
  if (inside.path === inside.root || /[/\\]$/.test(asked)) throw new ToolRefusal(`${inside.shown} is a folder. Give the path of a file in it.`);
  // A hook or a setting in there would run commands that nobody was asked about.
  const parts = relative(inside.root, inside.path).split(sep);
  if (parts.some((part) => part.toLowerCase() === '.git'))
    throw new ToolRefusal(`${inside.shown} belongs to git and is not written directly. Use git by run_command.`);
  if ((await fileStats(inside)) !== null)
    await access(inside.path, constants.W_OK).catch((reason: unknown) => {
      throw new ToolRefusal(`${inside.shown} is read-only (${codeOf(reason)}). Ask the person to make it writable, or write another file.`);
    });
  return inside;
}

/** What would be replaced: the text itself, else words about it, so that nobody takes it for a new file; null for nothing. */
async function standing(inside: Inside): Promise<string | null> {
  if ((await fileStats(inside)) === null) return null;
  const { bytes, stats } = await readInside(inside, shownBytes);
  if (bytes === null) return inWords(stats, 'it is too long to be shown', '太长，无法显示');
  return wholeText(bytes) ?? inWords(stats, 'it is not text', '不是文本');
}

/** In both languages, because it is kept with the question. The time tells another file of the same size apart. */
function inWords({ size, mtime }: Stats, english: string, chinese: string): string {
  const time = mtime.toISOString();
  return `[A file of ${size} bytes stands here now; ${english}. Changed: ${time}.]\n[这里现有一个 ${size} 字节的文件，${chinese}。修改时间：${time}。]`;
}

async function hashOf(inside: Inside): Promise<string | null> {
  if ((await fileStats(inside)) === null) return null;
  const { handle } = await openInside(inside);
  const sum = createHash('sha256');
  for await (const chunk of handle.createReadStream()) sum.update(chunk);
  return shortened(sum.digest('base64url'));
}

/** The new file is complete and on disk before it takes the place of the old one. */
async function replace(inside: Inside, content: string): Promise<void> {
  const mode = (await fileStats(inside))?.mode ?? null;
  const temporary = temporaryOf(inside, content);
  try {
    await mkdir(dirname(inside.path), { recursive: true });
    // Never follows or reuses what stands there: it can only be what an interrupted call left behind.
    await rm(temporary, { force: true });
    await fill({ ...inside, path: temporary }, content, mode);
    await rename(temporary, inside.path);
    await syncFolder(dirname(inside.path));
  } catch (reason) {
    await rm(temporary, { force: true });
    throw reason instanceof ToolRefusal
      ? reason
      : new ToolRefusal(`${inside.shown} could not be written (${codeOf(reason)}); what was there before is unchanged.`);
  }
}

async function fill(draft: Inside, content: string, mode: number | null): Promise<void> {
  await using handle = await open(draft.path, 'wx');
  if (mode !== null) await handle.chmod(mode & 0o7777);
  await handle.writeFile(content);
  await handle.sync();
  await checkUnmoved(draft, await handle.stat());
}

/** Named after the content, so that doing the same call again clears away what an interrupted one left. */
function temporaryOf(inside: Inside, content: string): string {
  return join(dirname(inside.path), `.nacre-${hash('sha256', `${inside.path}\0${content}`).slice(0, 16)}.tmp`);
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(path, 'r');
  await handle.sync();
}

// Checks a GGUF file's header before native code sees it, within bounds and in TypeScript, and says what the file is or why it is refused.
import { open } from 'node:fs/promises';
import { type Cursor, createCursor, type Flaw, Unreadable } from './gguf/cursor.ts';
import { readPairs } from './gguf/pairs.ts';
import { readTensors } from './gguf/tensors.ts';

export type GgufFacts = {
  readonly ok: true;
  /** What the file calls itself; empty if it does not say. */
  readonly name: string;
  readonly architecture: string;
  /** Tokens it was trained to read. */
  readonly contextTokens: number;
  readonly parameters: number;
  readonly bytes: number;
  readonly hasTemplate: boolean;
};
export type GgufRefusal = {
  readonly ok: false;
  readonly kind: Flaw | 'missing' | 'not-a-file' | 'unreadable';
  /** A clause: "it ends in the middle of its header". */
  readonly reason: string;
  /** How long the file is; 0 where it could not be opened. */
  readonly bytes: number;
};

const versions = [2, 3];
const mostTensors = 100_000;

/** Never rejects. Reads the header only, never more than the file holds. */
export async function readGguf(file: string): Promise<GgufFacts | GgufRefusal> {
  let bytes = 0;
  try {
    await using handle = await open(file, 'r');
    const stats = await handle.stat();
    if (!stats.isFile()) return { ok: false, kind: 'not-a-file', reason: stats.isDirectory() ? 'it is a folder' : 'it is not a regular file', bytes };
    bytes = stats.size;
    return await readHeader(createCursor(handle, stats.size), stats.size);
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, kind: error.flaw, reason: error.message, bytes };
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    // Windows answers so when a folder is opened.
    if (code === 'EISDIR') return { ok: false, kind: 'not-a-file', reason: 'it is a folder', bytes };
    return { ok: false, kind: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable', reason: `it can not be read (${code})`, bytes };
  }
}

async function readHeader(cursor: Cursor, bytes: number): Promise<GgufFacts> {
  const magic = (await cursor.bytes(Math.min(bytes, 4))).toString('latin1');
  if (!'GGUF'.startsWith(magic)) throw new Unreadable('it does not begin with the letters GGUF', 'wrong-magic');
  if (bytes < 24) throw new Unreadable(bytes === 0 ? 'it is empty' : `it has only ${bytes} bytes`, 'cut-off');
  const version = await cursor.u32();
  if (!versions.includes(version)) throw new Unreadable(`its format version is ${version}; versions 2 and 3 are known`);
  const tensorCount = await cursor.u64('a number of tensors', mostTensors);
  const pairs = await readPairs(cursor);
  if (tensorCount === 0) throw new Unreadable('it holds no tensors');
  const alignment = pairs.number('general.alignment') ?? 32;
  const parameters = await readTensors(cursor, tensorCount, alignment);
  return { ok: true, bytes, ...describe(pairs), parameters: parameters * Math.max(1, pairs.number('split.count') ?? 1) };
}

function describe(pairs: Awaited<ReturnType<typeof readPairs>>): Pick<GgufFacts, 'name' | 'architecture' | 'contextTokens' | 'hasTemplate'> {
  const architecture = pairs.text('general.architecture');
  const type = pairs.text('general.type') ?? 'model';
  if (architecture === undefined || architecture === '') throw new Unreadable('it does not say which architecture it has', 'other');
  if (type !== 'model' || architecture === 'clip')
    throw new Unreadable(`it is not a language model but of the kind "${type === 'model' ? architecture : type}"`, 'other');
  if (pairs.text('tokenizer.ggml.model') === undefined) throw new Unreadable('it has no tokenizer', 'other');
  const contextTokens = pairs.number(`${architecture}.context_length`);
  if (contextTokens === undefined || contextTokens < 1) throw new Unreadable('it does not say how many tokens of context it reads', 'other');
  return { name: pairs.text('general.name') ?? '', architecture, contextTokens, hasTemplate: (pairs.text('tokenizer.chat_template') ?? '') !== '' };
}

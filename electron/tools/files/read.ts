// The tool read_file: the text of a file, whole where it is short, else its ends or the part from a given line.
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { cutEnd, endsOf, outputBytes, shorten } from '../shorten.ts';
import { type CallPlace, type Tool, ToolRefusal, type ToolResult } from '../tool.ts';
import { fileStats, type Inside, missingFile, openInside, resolveReadable } from './folder.ts';
import { quoteName } from './spelling.ts';

const parameters = z.strictObject({ path: z.string(), from: z.int().optional() });
type Arguments = z.infer<typeof parameters>;

export const readFile: Tool<Arguments> = {
  name: 'read_file',
  description: 'Reads a text file. Long files come shortened: read on with from (line number).',
  parameters,
  effect: 'none',
  asks: false,
  title: (args) => quoteName(args.path),
  prepare: async (args, place) => {
    const inside = await resolveReadable(args.path, place);
    if ((await fileStats(inside)) === null) throw missingFile(inside);
    return { title: inside.shown, payload: '', before: null, scope: inside.path };
  },
  run: async (args, place) => {
    const inside = await resolveReadable(args.path, place);
    const { handle: opened, stats } = await openInside(inside);
    await using handle = opened;
    return args.from === undefined || args.from <= 1 ? await readEnds(handle, stats.size, inside) : await readFrom(handle, args.from, inside, place);
  },
};

async function readEnds(handle: FileHandle, sizeBefore: number, inside: Inside): Promise<ToolResult> {
  const start = await readAt(handle, 0, outputBytes + 1);
  refuseBinary(start, inside);
  if (start.length === 0) return { ok: true, output: '[The file is empty.]' };
  if (start.length <= outputBytes) return { ok: true, output: textOf(start) };
  const { head, tail } = endsOf(start);
  // It may have grown since it was opened.
  const size = Math.max(sizeBefore, start.length);
  const end = await readAt(handle, Math.max(size - tail.length, head.length), tail.length);
  refuseBinary(end, inside);
  const next = countLines(cutEnd(head)) + 1;
  const where = next > 1 ? `read on with from=${next}` : 'the first line is too long to be shown; use run_command to cut it';
  return { ok: true, output: shorten({ head, tail: end, left: size - head.length - end.length }, where) };
}

async function readFrom(handle: FileHandle, from: number, inside: Inside, place: CallPlace): Promise<ToolResult> {
  const found = await seekLine(handle, from, place.signal);
  if (found.at === null) throw new ToolRefusal(`${inside.shown} has only ${found.lines} lines, so nothing can be read from line ${from}.`);
  const bytes = await readAt(handle, found.at, outputBytes + 1);
  refuseBinary(bytes, inside);
  if (bytes.length <= outputBytes) return { ok: true, output: textOf(bytes) };
  const shown = cutEnd(bytes.subarray(0, outputBytes));
  const whole = shown.at(-1) === 0x0a;
  const next = from + countLines(shown) + (whole ? 0 : 1);
  const note = whole ? `more follows; read on with from=${next}` : `line ${next - 1} is too long to be shown whole; read on with from=${next}`;
  return { ok: true, output: `${textOf(shown)}${whole ? '' : '\n'}[${note}]` };
}

/** The position at which a line begins (null where the file has fewer) and how many lines were passed. */
async function seekLine(handle: FileHandle, line: number, signal: AbortSignal): Promise<{ readonly at: number | null; readonly lines: number }> {
  const chunk = Buffer.alloc(256 * 1024);
  let passed = 1;
  let lastByte = 0x0a;
  for (let at = 0; ; ) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return { at: null, lines: lastByte === 0x0a ? passed - 1 : passed };
    for (let end = chunk.indexOf(0x0a); end >= 0 && end < bytesRead; end = chunk.indexOf(0x0a, end + 1)) {
      passed += 1;
      if (passed === line && !(await isEnd(handle, at + end + 1))) return { at: at + end + 1, lines: passed };
    }
    lastByte = chunk[bytesRead - 1] ?? 0;
    at += bytesRead;
  }
}

async function isEnd(handle: FileHandle, at: number): Promise<boolean> {
  return (await readAt(handle, at, 1)).length === 0;
}

/** Up to `length` bytes from a position; fewer only at the end of the file. */
async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function refuseBinary(bytes: Buffer, inside: Inside): void {
  const utf16 = bytes.length > 1 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
  if (utf16) throw new ToolRefusal(`${inside.shown} is UTF-16 text, not UTF-8. Convert it first, for example with iconv by run_command.`);
  if (bytes.includes(0)) throw new ToolRefusal(`${inside.shown} is a binary file, not text. Use run_command with a program that understands it.`);
}

/** File text is given as it is, carriage returns included, so that it can be written back; only what is not UTF-8 is replaced. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function countLines(bytes: Uint8Array): number {
  return bytes.reduce((lines, byte) => (byte === 0x0a ? lines + 1 : lines), 0);
}

// Lines of JSONL taken into memory under their own ids: what can't be read, or is there already, is named by its line; the rest is kept.
import { createReadStream } from 'node:fs';
import { FaultError, fault } from '../contract/fault.ts';
import type { RequestOutput } from '../contract/request.ts';
import { parseTime } from './recall/when.ts';
import type { Store } from './store.ts';
import type { NewItem, Write } from './write.ts';

export type Imported = RequestOutput<'memory.import'>;
type Line = { readonly number: number; readonly text: string };

/** Lines and bytes of one commit at most: what is imported in a moment is all or nothing, and more does not fill the memory. */
const linesAtOnce = 10_000;
const bytesAtOnce = 8_000_000;
const namedAtMost = 1000;

/** Rejects with a FaultError where the file can't be read. Importing it again adds nothing twice. */
export async function importFile(store: Store, file: string, space: number): Promise<Imported> {
  let imported = 0;
  let change: number | undefined;
  let problemsInAll = 0;
  const problems: Imported['problems'] = [];
  const skip = (line: number, reason: string): void => {
    problemsInAll += 1;
    if (problems.length < namedAtMost) problems.push({ line, reason });
  };
  const takeAll = (lines: readonly Line[]): void => {
    if (lines.length === 0) return;
    const take = (write: Write, id: number): void => {
      change = id;
      const seen = new Set<string>();
      for (const { number, text } of lines) {
        const read = readLine(text);
        if (typeof read === 'string') skip(number, read);
        else if (seen.has(read.source) || store.has(space, read.source)) skip(number, `the id ${read.source} is there already`);
        else {
          if (read.at === null) skip(number, 'it was kept without a time: it has no "at" that could be read');
          seen.add(read.source);
          write(read);
          imported += 1;
        }
      }
    };
    store.change(space, 'import', take, change);
  };
  try {
    for await (const lines of batches(file)) takeAll(lines);
  } catch (error) {
    if (error instanceof FaultError || !(error instanceof Error) || !('syscall' in error)) throw error;
    throw new FaultError(fault('memory.file-unreadable', { file, reason: error.message }));
  }
  return { imported, problems, problemsInAll };
}

/** A sentence about what is wrong with the line, or the item in it. */
function readLine(text: string): NewItem | string {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (error) {
    return `it is not JSON (${error instanceof Error ? error.message : String(error)})`;
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line)) return 'it is not a JSON object';
  const { id, at, author, text: said } = line as Readonly<Record<string, unknown>>;
  if ((typeof id !== 'string' && typeof id !== 'number') || String(id).trim() === '') return 'it has no "id"';
  if (typeof said !== 'string' || said.trim() === '') return 'it has no "text"';
  return { kind: 'turn', source: String(id).slice(0, 200), at: parseTime(at), author: typeof author === 'string' ? author.slice(0, 200) : '', text: said };
}

/** Lines end with a line feed alone: JSON may hold every other kind of line break. Empty ones count, but are no lines to import. */
async function* batches(file: string): AsyncGenerator<readonly Line[]> {
  let rest = '';
  let number = 0;
  let bytes = 0;
  let lines: Line[] = [];
  const add = (text: string): void => {
    number += 1;
    bytes += text.length;
    if (text.trim() !== '') lines.push({ number, text: number === 1 ? text.replace(/^\uFEFF/, '') : text });
  };
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const pieces = (rest + String(chunk)).split('\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      add(piece);
      if (lines.length < linesAtOnce && bytes < bytesAtOnce) continue;
      yield lines;
      [lines, bytes] = [[], 0];
    }
  }
  add(rest);
  yield lines;
}

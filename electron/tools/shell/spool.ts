// Keeps the output of a command: its ends in memory, and all of it in a file once it is too long for the model.
import { closeSync, fsync, openSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Ends, headBytes, outputBytes } from '../shorten.ts';

export type Spool = ReturnType<typeof createSpool>;

/** Writes to `path`, which must not exist, but only when there is more than the model may see. */
export function createSpool({ path, capBytes }: { readonly path: string; readonly capBytes: number }) {
  let start = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let total = 0;
  let file: number | null = null;
  const spill = (bytes: Buffer): void => {
    if (file === null) {
      file = openSync(path, 'wx', 0o600);
      writeFileSync(file, start);
      tail = start;
    }
    writeFileSync(file, bytes);
    tail = Buffer.concat([tail, bytes]);
    tail = Buffer.from(tail.subarray(Math.max(0, tail.length - (outputBytes - headBytes))));
  };
  return {
    /** Takes the next bytes; false once `capBytes` is passed, and what is beyond is dropped. Throws what the disk says, such as ENOSPC. */
    add: (chunk: Buffer): boolean => {
      const part = chunk.subarray(0, capBytes - total);
      const first = part.subarray(0, outputBytes - start.length);
      start = Buffer.concat([start, first]);
      if (part.length > first.length) spill(part.subarray(first.length));
      total += part.length;
      return part.length === chunk.length;
    },
    /** What the model is to see, and the file that holds all of it where that is more. The file is on disk then. Call it once. */
    finish: async (): Promise<{ readonly ends: Ends; readonly file: string | null }> => {
      if (file === null) return { ends: { head: start, tail: Buffer.alloc(0), left: 0 }, file: null };
      await promisify(fsync)(file);
      closeSync(file);
      const head = start.subarray(0, headBytes);
      return { ends: { head, tail, left: total - head.length - tail.length }, file: path };
    },
  };
}

// How fast this disk makes a small write durable: the floor under every journal figure, measured in the same run.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { median, round } from '../figure.ts';

const blocks = 64;

/** Median milliseconds of writing 4 KiB over what is there and calling fdatasync, in `folder`: what a write-ahead log does at its best. */
export function probeDisk(folder: string, times = 200): number {
  const path = join(folder, 'probe');
  const file = openSync(path, 'w');
  const block = Buffer.alloc(4096, 1);
  writeSync(file, Buffer.alloc(blocks * block.length));
  fdatasyncSync(file);
  const samples = Array.from({ length: times }, (_, at) => {
    const startedAt = performance.now();
    writeSync(file, block, 0, block.length, (at % blocks) * block.length);
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  rmSync(path);
  return round(median(samples), 3);
}

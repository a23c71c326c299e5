// A memory of its own for a benchmark: fresh files, the public write path.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '../../../electron/journal/open.ts';
import { silentLog } from '../../../electron/log.ts';
import { createMemory, type Memory } from '../../../electron/memory/memory.ts';
import { makeFolder } from '../bed/nacre.ts';

export type Line = { readonly id: string; readonly at: string; readonly author: string; readonly text: string };

export type MemoryBed = {
  readonly memory: Memory;
  /** Imports through the same door as `nacre memory import`; returns the number of the space. */
  add(lines: readonly Line[], name?: string): Promise<number>;
  /** Bytes of the database, everything in it. */
  bytes(): number;
  close(): void;
};

export function makeMemory(): MemoryBed {
  const folder = makeFolder('memory');
  const db = openJournal(folder);
  const memory = createMemory({ db, log: silentLog, now: Date.now, onNotice: () => undefined });
  return {
    memory,
    add: async (lines, name) => {
      const file = join(folder, 'lines.jsonl');
      writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      const { imported, problems } = await memory.importFile(file, name);
      if (imported !== lines.length) throw new Error(`only ${imported} of ${lines.length} lines were imported: ${problems[0]?.reason}`);
      rmSync(file);
      return memory.space(name);
    },
    bytes: db.checkpoint,
    close: () => {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

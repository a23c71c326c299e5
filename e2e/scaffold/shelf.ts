// For tests: a memory over a real data folder, with a clock that can be moved and a journal in which things were said.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '../../electron/contract/fault.ts';
import { createEntries } from '../../electron/journal/entries.ts';
import { type Db, openJournal } from '../../electron/journal/open.ts';
import { silentLog } from '../../electron/log.ts';
import { createMemory, type Memory } from '../../electron/memory/memory.ts';

export type Shelf = {
  readonly memory: Memory;
  readonly db: Db;
  readonly data: string;
  readonly notices: Fault[];
  /** Moves the clock on, in milliseconds. */
  pass(ms: number): void;
  now(): number;
  /** Says it in a conversation; returns the entry's id. */
  say(text: string, conversation?: number, by?: 'message' | 'reply'): number;
  importLines(lines: readonly unknown[], name?: string): ReturnType<Memory['importFile']>;
  /** The same data opened anew, as after a restart; `meanwhile` is given the file that nobody holds. */
  reopen(meanwhile?: (file: string) => void): Shelf;
};

const open: { close(): void; readonly data: string }[] = [];
export const day = 86_400_000;

export function shelf(data = mkdtempSync(join(tmpdir(), 'nacre-memory-')), time = Date.UTC(2026, 4, 20, 12)): Shelf {
  const db = openJournal(data);
  const notices: Fault[] = [];
  let clock = time;
  const now = (): number => clock;
  const memory = createMemory({ db, log: silentLog, now, onNotice: (notice) => notices.push(notice) });
  const entries = createEntries(db, now);
  const close = (): void => {
    memory.stop();
    db.close();
  };
  open.push({ close, data });
  const usage = { model: 'm', where: 'local', read: 0, reused: 0, written: 0, prefillMs: 0, decodeMs: 0 } as const;
  return {
    memory,
    db,
    data,
    notices,
    now,
    pass: (ms) => {
      clock += ms;
    },
    say: (text, conversation = 1, by = 'message') =>
      db.commit('test', () => {
        db.prepare(`INSERT OR IGNORE INTO conversation (id, title, created_at, updated_at) VALUES (?, '', 0, 0)`).run(conversation);
        const run = db
          .prepare(`INSERT INTO run (conversation, kind, lane, state, approve, created_at) VALUES (?, 'turn', 'chat', 'queued', 'ask', 0)`)
          .run(conversation).lastInsertRowid;
        return entries.append(Number(run), by === 'message' ? { type: 'message', text } : { type: 'reply', seen: 1, text, calls: [], usage }).id;
      }),
    importLines: (lines, name) => {
      const file = join(data, 'lines.jsonl');
      writeFileSync(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
      return memory.importFile(file, name);
    },
    reopen: (meanwhile) => {
      close();
      meanwhile?.(join(data, 'nacre.db'));
      return shelf(data, clock);
    },
  };
}

/** After each test. */
export function clearShelves(): void {
  for (const { close, data } of open.splice(0)) {
    close();
    rmSync(data, { recursive: true, force: true });
  }
}

// The disk of the histories: one real database file. Opening it and preparing its statements takes longer than a history, so each begins with an emptied one.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, openJournal } from '../../../electron/journal/open.ts';
import { watchRows } from './watched.ts';

export type Disk = {
  readonly folder: string;
  /** The file as it is open at present. */
  db(): Db;
  /** Closes the file and opens it again. */
  reopen(): void;
  /** Takes everything out of the tables. */
  empty(): void;
  /** Keeps a copy of the file as it is before a commit, for the bug that loses it. */
  keep(): void;
  remove(): void;
};

/** What a planted bug does to the file itself. */
export type Sabotage = {
  /** Run when the file is opened, such as dropping a trigger that would catch the bug before we do. */
  readonly setUp?: readonly string[];
  readonly losesLastCommit?: boolean;
};

const files = ['nacre.db', 'nacre.db-wal'];

/** In memory where the system has such a place: what is tested here is what is written, not the disk under it. */
export function createDisk(bug: Sabotage): Disk {
  const folder = makeFolder();
  mkdirSync(join(folder, 'folder'));
  const open = (): Db => {
    const db = openJournal(folder);
    for (const sql of bug.setUp ?? []) db.prepare(sql).run();
    watchRows(db);
    return db;
  };
  let db = open();
  return {
    folder,
    db: () => db,
    reopen: () => {
      db.close();
      if (bug.losesLastCommit === true) for (const file of files) copyFileSync(join(folder, `${file}.kept`), join(folder, file));
      db = open();
    },
    empty: () => empty(db),
    keep: () => {
      if (bug.losesLastCommit === true) for (const file of files) copyFileSync(join(folder, file), join(folder, `${file}.kept`));
    },
    remove: () => {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeFolder(): string {
  try {
    return mkdtempSync('/dev/shm/nacre-history-');
  } catch {
    return mkdtempSync(join(tmpdir(), 'nacre-history-'));
  }
}

function empty(db: Db): void {
  const tables = db.prepare<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT'`).all();
  db.prepare('PRAGMA foreign_keys = OFF').run();
  for (const { name } of [...tables, { name: 'sqlite_sequence' }]) db.prepare(`DELETE FROM ${name}`).run();
  // What a new file begins with.
  db.prepare(`INSERT INTO memory_space (id, name) VALUES (1, '')`).run();
  db.prepare(`INSERT INTO memory_index (memory_index) VALUES ('delete-all')`).run();
  db.prepare('PRAGMA foreign_keys = ON').run();
  for (const name of ['moved', 'rewritten']) db.prepare(`DELETE FROM temp.${name}`).run();
}

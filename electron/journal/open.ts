// Opens the one database file, alone: pragmas that survive power loss, an exclusive lock, migrations. The only importer of SQLite.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { FaultError, fault } from '../contract/fault.ts';
import { failpoint } from './failpoint.ts';
import { migrate } from './migrate.ts';

export type Statement<Row> = {
  run(...params: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  get(...params: readonly unknown[]): Row | undefined;
  all(...params: readonly unknown[]): Row[];
};

export type Db = ReturnType<typeof handle>;

/** Less than this and the first few messages would not fit. */
const leastFreeBytes = 256 * 1024;

/** Says who holds the data; the lock itself is the operating system's. */
const pidFile = 'nacre.pid';

/** Throws a FaultError where the folder can't be used: held by another process, read-only, full, or written by a newer version. */
export function openJournal(folder: string): Db {
  try {
    requireWritable(folder);
    return handle(openAlone(folder), folder);
  } catch (error) {
    throw asFault(error, folder);
  }
}

function openAlone(folder: string): Sqlite.Database {
  const sqlite = new Sqlite(join(folder, 'nacre.db'), { timeout: 0 });
  try {
    // Each commit writes whole pages, and each table and index takes at least one: with small ones a step costs a third less and little is left empty.
    sqlite.pragma('page_size = 1024');
    // An exclusive lock is held by the operating system for the life of the process: a killed Nacre leaves nothing stale behind.
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.pragma('journal_mode = WAL');
    // better-sqlite3 is built with NORMAL for WAL, which loses acknowledged commits on power loss.
    sqlite.pragma('synchronous = FULL');
    if (process.platform === 'darwin') sqlite.pragma('fullfsync = ON');
    sqlite.pragma('foreign_keys = ON');
    sqlite.exec('BEGIN IMMEDIATE; COMMIT');
    if (sqlite.pragma('synchronous', { simple: true }) !== 2) throw new Error('SQLite did not accept synchronous = FULL');
    migrate(sqlite, folder);
    writeFileSync(join(folder, pidFile), String(process.pid), { mode: 0o600 });
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function handle(sqlite: Sqlite.Database, folder: string) {
  const prepared = new Map<string, unknown>();
  const transaction = sqlite.transaction((work: () => unknown) => work());
  return {
    /** Prepares once and keeps: cheap to call again with the same text. */
    prepare: <Row = unknown>(sql: string): Statement<Row> => {
      const known = prepared.get(sql);
      if (known !== undefined) return known as Statement<Row>;
      const made = sqlite.prepare(sql) as unknown as Statement<Row>;
      prepared.set(sql, made);
      return made;
    },
    /**
     * Runs `work` in one transaction that is on disk when this returns; what it throws undoes it. `name` names the failpoints `<name>.before`
     * (written, not committed) and `<name>.after` (committed, nobody told). Inside another commit it joins that one.
     */
    commit: <T>(name: string, work: () => T): T => {
      if (sqlite.inTransaction) return work();
      let result: T;
      try {
        result = transaction.immediate(() => {
          const value = work();
          failpoint(`${name}.before`);
          return value;
        }) as T;
      } catch (error) {
        throw asFault(error, folder);
      }
      failpoint(`${name}.after`);
      return result;
    },
    /** Bytes of the file after everything in the write-ahead log has been moved into it. */
    checkpoint: (): number => {
      sqlite.pragma('wal_checkpoint(TRUNCATE)');
      return Number(sqlite.pragma('page_count', { simple: true })) * Number(sqlite.pragma('page_size', { simple: true }));
    },
    close: (): void => {
      if (sqlite.open) sqlite.close();
    },
  };
}

function requireWritable(folder: string): void {
  makeFolder(folder);
  closeSync(openSync(join(folder, 'nacre.db'), 'a', 0o600));
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < leastFreeBytes) throw new FaultError(fault('app.disk-full', { folder }));
}

/** One level at a time: Node's own recursive way never ends where the system refuses with ENOENT, as below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function asFault(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return new FaultError(fault('app.data-in-use', { folder, pid: ownerOf(folder) }));
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'SQLITE_IOERR_WRITE') return new FaultError(fault('app.disk-full', { folder }));
  if (/^(SQLITE_READONLY|SQLITE_CANTOPEN|EACCES|EROFS|EPERM|ENOTDIR|EEXIST|ENOENT)/.test(code)) {
    return new FaultError(fault('app.data-read-only', { folder, reason: error instanceof Error ? error.message : code }));
  }
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') return new FaultError(fault('app.data-damaged', { file: join(folder, 'nacre.db') }));
  return error;
}

function ownerOf(folder: string): string {
  const file = join(folder, pidFile);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '?';
}

// Brings the file to the newest schema, one numbered step at a time, each in its own transaction; keeps a copy first.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { FaultError, fault } from '../contract/fault.ts';
import { journal } from './migrations/0010-journal.ts';
import { tasks } from './migrations/0020-tasks.ts';
import { approvals } from './migrations/0030-approvals.ts';
import { schedule } from './migrations/0040-schedule.ts';
import { bounds } from './migrations/0050-bounds.ts';
import { memory } from './migrations/0060-memory.ts';

/** In order; a step that has been released is never edited. The schema's version is the number of steps taken. */
export const migrations: readonly string[] = [journal, tasks, approvals, schedule, bounds, memory];

/** Throws a FaultError where the file was written by a newer Nacre. `upTo` stops early, for tests that need an old file. */
export function migrate(sqlite: Sqlite.Database, folder: string, upTo = migrations.length): void {
  const found = Number(sqlite.pragma('user_version', { simple: true }));
  if (found > migrations.length) throw new FaultError(fault('app.data-newer', { folder, found, known: migrations.length }));
  if (found >= upTo) return;
  if (found > 0) keepCopy(sqlite, join(folder, `nacre.before-${found + 1}.db`));
  for (let version = found; version < upTo; version++) {
    sqlite.transaction(() => {
      sqlite.exec(migrations[version] ?? '');
      sqlite.pragma(`user_version = ${version + 1}`);
    })();
  }
}

function keepCopy(sqlite: Sqlite.Database, file: string): void {
  rmSync(file, { force: true });
  sqlite.prepare('VACUUM INTO ?').run(file);
}

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate, migrations } from './migrate.ts';
import { type Db, openJournal } from './open.ts';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'nacre-journal-'));
});
afterEach(() => {
  chmodSync(data, 0o700);
  rmSync(data, { recursive: true, force: true });
});

const schema = (db: Pick<Sqlite.Database, 'prepare'>): unknown[] => db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name').all();

/** A database as an earlier version left it, with something in it. */
function oldFile(version: number): void {
  const sqlite = new Sqlite(join(data, 'nacre.db'));
  migrate(sqlite, data, version);
  if (version > 0) sqlite.exec(`INSERT INTO conversation (title, created_at, updated_at) VALUES ('kept', 1, 1)`);
  sqlite.close();
}

test('every commit is on disk when it returns: WAL, synchronous FULL, foreign keys', () => {
  const db = openJournal(data);
  const pragma = (name: string): unknown => Object.values(db.prepare<Record<string, unknown>>(`PRAGMA ${name}`).get() ?? {})[0];
  expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys'), pragma('locking_mode')]).toEqual(['wal', 2, 1, 'exclusive']);
  db.close();
});

describe.each(migrations.map((_, version) => version))('a file of schema version %i', (version) => {
  test('is brought to the newest schema with what it holds, and a copy of the old file is kept', () => {
    oldFile(version);
    const fresh = new Sqlite(':memory:');
    migrate(fresh, data);
    const db = openJournal(data);
    expect(schema(db as unknown as Sqlite.Database)).toEqual(schema(fresh));
    expect(db.prepare('SELECT title FROM conversation').all()).toEqual(version === 0 ? [] : [{ title: 'kept' }]);
    expect(existsSync(join(data, `nacre.before-${version + 1}.db`))).toBe(version > 0);
    db.close();
  });
});

test('a file from a newer version is refused by both versions and left as it is', () => {
  openJournal(data).close();
  const sqlite = new Sqlite(join(data, 'nacre.db'));
  sqlite.pragma('user_version = 99');
  sqlite.close();
  expect(() => openJournal(data)).toThrow(/written by a newer Nacre \(version 99; this one knows up to \d+\)/);
});

test('two processes never have the data at once, and a killed owner leaves nothing stale', async () => {
  const program = `import { openJournal } from ${JSON.stringify(join(import.meta.dirname, 'open.ts'))}; openJournal(${JSON.stringify(data)}); process.stdout.write('open'); setInterval(() => undefined, 1000);`;
  const owner = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => owner.stdout.once('data', resolve));
  expect(() => openJournal(data)).toThrow(`in use by another Nacre (process ${owner.pid})`);
  const gone = new Promise((resolve) => owner.once('exit', resolve));
  owner.kill('SIGKILL');
  await gone;
  openJournal(data).close();
});

test('a file that is no database is refused in words and left as it is', () => {
  writeFileSync(join(data, 'nacre.db'), 'not a database at all, just some text that is long enough to be looked at');
  expect(() => openJournal(data)).toThrow('is damaged or is not a Nacre database');
  expect(readFileSync(join(data, 'nacre.db'), 'utf8')).toContain('not a database at all');
});

test('a data folder that can not be made is said at start', () => {
  writeFileSync(join(data, 'file'), '');
  expect(() => openJournal(join(data, 'file', 'below'))).toThrow('can not write to its data folder');
});

test.skipIf(process.platform !== 'linux')('a place where nothing can be made is refused at once', () => {
  expect(() => openJournal('/proc/nacre/data')).toThrow('can not write to its data folder');
});

test('the file is for its owner only', () => {
  openJournal(data).close();
  expect(statSync(join(data, 'nacre.db')).mode & 0o077).toBe(0);
});

describe('a commit', () => {
  let db: Db;
  beforeEach(() => {
    db = openJournal(data);
  });
  afterEach(() => db.close());
  const titles = (): unknown[] =>
    db
      .prepare<{ title: string }>('SELECT title FROM conversation')
      .all()
      .map(({ title }) => title);
  const add = (title: string): unknown => db.prepare('INSERT INTO conversation (title, created_at, updated_at) VALUES (?, 0, 0)').run(title);

  test('that throws undoes everything it wrote, and what it joined', () => {
    const work = (): void =>
      db.commit('outer', () => {
        add('a');
        db.commit('inner', () => add('b'));
        throw new Error('no');
      });
    expect(work).toThrow('no');
    expect(titles()).toEqual([]);
  });

  test('refuses to rewrite the journal or to give a run a second outcome', () => {
    db.commit('x', () => add('a'));
    db.prepare(`INSERT INTO run (conversation, kind, lane, state, approve, created_at, ended_at) VALUES (1, 'turn', 'chat', 'done', 'ask', 0, 1)`).run();
    db.prepare(`INSERT INTO entry (run, at, type, body) VALUES (1, 0, 'message', '{}')`).run();
    expect(() => db.prepare(`UPDATE entry SET body = '[]'`).run()).toThrow('never rewritten');
    expect(() => db.prepare(`UPDATE run SET state = 'failed'`).run()).toThrow('keeps its outcome');
  });

  test.each([
    [`INSERT INTO run (conversation, kind, lane, state, approve, created_at) VALUES (1, 'turn', 'chat', 'waiting', 'ask', 0)`],
    [`INSERT INTO run (conversation, kind, lane, state, approve, created_at) VALUES (1, 'turn', 'chat', 'done', 'ask', 0)`],
    [`INSERT INTO run (conversation, kind, lane, state, approve, created_at) VALUES (1, 'turn', 'chat', 'asleep', 'ask', 0)`],
    [`INSERT INTO run (conversation, kind, lane, state, approve, created_at) VALUES (9, 'turn', 'chat', 'queued', 'ask', 0)`],
  ])('refuses a run that can not be: %s', (sql) => {
    db.commit('x', () => add('a'));
    expect(() => db.prepare(sql).run()).toThrow(/constraint failed/);
  });
});

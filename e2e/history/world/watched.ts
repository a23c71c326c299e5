// Sees every change of a run's state and every change of an entry, by triggers of our own beside the file's: they vanish with the connection.
import type { Db } from '../../../electron/journal/open.ts';

export function watchRows(db: Db): void {
  for (const sql of [
    'CREATE TEMP TABLE moved (run INTEGER, old TEXT, new TEXT)',
    'CREATE TEMP TABLE rewritten (entry INTEGER)',
    `CREATE TEMP TRIGGER see_moved AFTER UPDATE OF state ON main.run WHEN OLD.state <> NEW.state BEGIN INSERT INTO moved VALUES (OLD.id, OLD.state, NEW.state); END`,
    `CREATE TEMP TRIGGER see_updated AFTER UPDATE ON main.entry BEGIN INSERT INTO rewritten VALUES (OLD.id); END`,
    `CREATE TEMP TRIGGER see_deleted AFTER DELETE ON main.entry BEGIN INSERT INTO rewritten VALUES (OLD.id); END`,
  ])
    db.prepare(sql).run();
}

/** Every change of state since the last time. */
export function takeMoves(db: Db): readonly { readonly run: number; readonly old: string; readonly new: string }[] {
  const moves = db.prepare<{ run: number; old: string; new: string }>('SELECT run, old, new FROM moved').all();
  db.prepare('DELETE FROM moved').run();
  return moves;
}

export function takeRewritten(db: Db): readonly number[] {
  return db
    .prepare<{ entry: number }>('SELECT entry FROM rewritten')
    .all()
    .map(({ entry }) => entry);
}

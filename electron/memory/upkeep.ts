// Keeps the index in step: takes over what the journal has new, rebuilds a damaged index from what is stored, and clears away what was erased.
import { type Fault, FaultError, fault } from '../contract/fault.ts';
import type { Db } from '../journal/open.ts';
import type { Log } from '../log.ts';
import { termsOf } from './recall/words.ts';
import { itemText, ownSpace } from './store.ts';
import { addToIndex, clearStale, createWriter } from './write.ts';

type Parts = { readonly db: Db; readonly log: Log; onNotice(notice: Fault): void };

type NewEntry = { readonly id: number; readonly at: number; readonly type: string; readonly conversation: number; readonly text: string };
type Unindexed = { readonly id: number; readonly space: number; readonly author: string; readonly text: string };

/** Entries or items of one commit at most. */
const batch = 2000;
const batchInBackground = 500;
const batchesAtOnce = 10;

export function createUpkeep({ db, log, onNotice }: Parts) {
  /** Items below this id are not in the index yet; null where all are. */
  let below: number | null = null;
  let checked = false;
  let timer: NodeJS.Immediate | undefined;
  let stopped = false;

  const rebuild = (reason: string): void => {
    log.warn('memory.rebuild', { reason });
    empty(db);
    below = Number.MAX_SAFE_INTEGER;
    for (let batches = 0; batches < batchesAtOnce && below !== null; batches++) below = indexBelow(db, below);
    onNotice(fault('memory.index-rebuilt'));
    later();
  };
  /** Does `work`; where the index turns out to be damaged it is rebuilt, the newest items at once and the others in the background, and `work` is done again. */
  const guarded = <T>(work: () => T): T => {
    try {
      const lost = checked ? null : lostRows(db);
      checked = true;
      if (lost !== null) rebuild(lost);
      return work();
    } catch (error) {
      if (!isDamage(error)) throw error;
      rebuild(error instanceof Error ? error.message : String(error));
      return work();
    }
  };
  const later = (): void => {
    if (timer === undefined && !stopped) timer = setImmediate(step).unref();
  };
  const step = (): void => {
    timer = undefined;
    try {
      if (below !== null) below = indexBelow(db, below);
      if (below !== null || guarded(() => catchUp(db, batchInBackground))) later();
    } catch (error) {
      // The next search tries again, and says it where a person reads it.
      log.error('memory.upkeep', error);
    }
  };
  return {
    /** Takes over all that the journal has new. Cheap where there is nothing. */
    catchUp: (): void => {
      while (catchUp(db, batch));
    },
    guarded,
    /** Catches up and rebuilds in the background, a little at a time. */
    start: later,
    /** Rewrites the index so that no word of what was erased stays in it. */
    scrub: (): void => scrub(db),
    stop: (): void => {
      stopped = true;
      clearImmediate(timer);
    },
  };
}

function empty(db: Db): void {
  db.commit('memory.rebuild', () => {
    db.prepare('DELETE FROM memory_stale').run();
    db.prepare(`INSERT INTO memory_index (memory_index) VALUES ('delete-all')`).run();
  });
}

function scrub(db: Db): void {
  db.commit('memory.scrub', () => {
    clearStale(db);
    db.prepare(`INSERT INTO memory_index (memory_index) VALUES ('optimize')`).run();
  });
}

/** Indexes the newest items below this id, in the order in which FTS5 takes rows best. Returns the id below which the rest is; null where none is left. */
function indexBelow(db: Db, id: number): number | null {
  const query = `SELECT i.id, i.space, i.author, ${itemText} AS text FROM memory_item i WHERE i.id < ? ORDER BY i.id DESC LIMIT ?`;
  const rows = db.prepare<Unindexed>(query).all(id, batch).reverse();
  db.commit('memory.reindex', () => {
    for (const { id, space, author, text } of rows) addToIndex(db, space, id, termsOf(text), author);
  });
  return rows[0]?.id ?? null;
}

/** A crash in the middle of a rebuild, or rows lost by damage, show in the number of rows; null where it is right. */
function lostRows(db: Db): string | null {
  const count = `SELECT (SELECT count(*) FROM memory_index_docsize) AS indexed, (SELECT count(*) FROM memory_stale) AS stale, (SELECT count(*) FROM memory_item) AS items`;
  const { indexed, stale, items } = db.prepare<{ indexed: number; stale: number; items: number }>(count).get() ?? { indexed: 0, stale: 0, items: 0 };
  return indexed < items || indexed > items + stale ? `${indexed} of ${items} items were in it` : null;
}

/** What was said, in the order it was said. How far that has come is written in the same commit, so a crash neither loses nor doubles a turn. */
function catchUp(db: Db, limit: number): boolean {
  const upto = db.prepare<{ upto: number }>('SELECT upto FROM memory_space WHERE id = ?').get(ownSpace)?.upto ?? 0;
  const entries = db
    .prepare<NewEntry>(
      `SELECT e.id, e.at, e.type, r.conversation, coalesce(e.body ->> '$.text', '') AS text FROM entry e JOIN run r ON r.id = e.run WHERE e.id > ? ORDER BY e.id LIMIT ?`,
    )
    .all(upto, limit);
  const newest = entries.at(-1);
  if (newest === undefined) return false;
  db.commit('memory.catch-up', () => {
    const write = createWriter(db, ownSpace, null);
    const forgotten = db.prepare('SELECT 1 FROM memory_forgotten WHERE entry = ?');
    for (const { id, at, type, conversation, text } of entries) {
      if ((type !== 'message' && type !== 'reply') || text.trim() === '' || forgotten.get(id) !== undefined) continue;
      write({ kind: 'turn', source: `e${id}`, entry: id, conversation, at, author: type === 'message' ? 'person' : 'Nacre', text });
    }
    db.prepare('UPDATE memory_space SET upto = ? WHERE id = ?').run(newest.id, ownSpace);
  });
  return entries.length === limit;
}

function isDamage(error: unknown): boolean {
  if (error instanceof FaultError) return error.fault.code === 'app.data-damaged';
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CORRUPT');
}

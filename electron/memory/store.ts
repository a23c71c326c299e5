// What is remembered, on disk: spaces, items by layer, and changes that can be undone until their time has passed.
import { FaultError, fault } from '../contract/fault.ts';
import type { MemoryChange, MemoryItem } from '../contract/memory.ts';
import type { RequestPayload } from '../contract/request.ts';
import type { Db } from '../journal/open.ts';
import { createWriter, type NewItem, type Write } from './write.ts';

/** The assistant's own memory; the others were imported under a name. */
export const ownSpace = 1;

export type Store = ReturnType<typeof createStore>;

type Undoable = Omit<MemoryChange, 'items'>;
export type Row = Omit<MemoryItem, 'superseded'> & { readonly superseded: number };

/** Where an item's text is: its own, or that of the journal's entry. */
export const itemText = `coalesce(i.text, (SELECT e.body ->> '$.text' FROM entry e WHERE e.id = i.entry))`;
/** Neither forgotten nor said in a conversation that was removed. */
export const isVisible =
  'i.removed_in IS NULL AND (i.thread = 0 OR NOT EXISTS (SELECT 1 FROM conversation c WHERE c.id = i.thread AND c.removed_at IS NOT NULL))';
/** The conversation in which the entry stands that an item rests on. */
const place = 'FROM entry e JOIN run r ON r.id = e.run JOIN conversation c ON c.id = r.conversation WHERE e.id = i.entry';
export const columns = `i.id, i.kind, i.source, (SELECT c.id ${place}) AS conversation,
  (SELECT iif(e.type = 'message', 'm' || e.id, 'r' || e.run) ${place} AND c.removed_at IS NULL) AS item, i.at, i.author, ${itemText} AS text, i.subject,
  i.valid_from AS validFrom, i.valid_until AS validUntil, i.superseded_by IS NOT NULL AS superseded`;

export function createStore(db: Db, now: () => number) {
  const findSpace = (name: string): number | undefined => db.prepare<{ id: number }>('SELECT id FROM memory_space WHERE name = ?').get(name)?.id;
  /** One change: whatever `work` writes is one commit, and one undo; with `part` it goes on with a change that has begun. */
  const change = <T>(space: number, what: MemoryChange['what'], work: (write: Write, change: number) => T, part?: number): T =>
    db.commit(`memory.${what}`, () => {
      const id = part ?? Number(db.prepare('INSERT INTO memory_change (space, at, what) VALUES (?, ?, ?)').run(space, now(), what).lastInsertRowid);
      return work(createWriter(db, space, id), id);
    });
  /** Every item of one source, in order. Throws a FaultError where there is none. */
  const show = (space: number, source: string): MemoryItem[] => {
    const query = `SELECT ${columns} FROM memory_item i WHERE i.space = ? AND i.source = ? AND ${isVisible} ORDER BY i.id`;
    const found = db.prepare<Row>(query).all(space, source).map(toItem);
    if (found.length === 0) throw new FaultError(fault('memory.missing', { source }));
    return found;
  };
  return {
    /** Throws a FaultError where there is none of that name. */
    space: (name = ''): number => {
      const found = findSpace(name);
      if (found === undefined) throw new FaultError(fault('memory.space-missing', { name }));
      return found;
    },
    makeSpace: (name = ''): number =>
      findSpace(name) ?? db.commit('memory.space', () => Number(db.prepare('INSERT INTO memory_space (name) VALUES (?)').run(name).lastInsertRowid)),
    change,
    list: (space: number, { kind, after, limit }: Omit<RequestPayload<'memory.list'>, 'name'>): MemoryItem[] =>
      db
        .prepare<Row>(
          `SELECT ${columns} FROM memory_item i WHERE i.space = ? AND i.id > ? AND (? IS NULL OR i.kind = ?) AND ${isVisible}
           ORDER BY i.id ${after === undefined ? 'DESC' : 'ASC'} LIMIT ?`,
        )
        .all(space, after ?? 0, kind ?? null, kind ?? null, limit)
        .map(toItem),
    show,
    has: (space: number, source: string): boolean =>
      db.prepare('SELECT 1 FROM memory_item WHERE space = ? AND source = ? AND removed_in IS NULL LIMIT 1').get(space, source) !== undefined,
    /** A fact. The ones it replaces — same subject, or `replaced` — stay, until now, and rank behind it. Said twice it is kept once. */
    remember: (space: number, fact: Omit<NewItem, 'kind'>, replaced: readonly { readonly id: number }[] = []): MemoryItem => {
      const [same] = replaced.length > 0 ? [] : currentFacts(db, space, 'text', fact.text);
      const id = same?.id ?? change(space, 'remember', (write) => addFact(db, space, write, { ...fact, kind: 'fact' }, replaced));
      return toItem(db.prepare<Row>(`SELECT ${columns} FROM memory_item i WHERE i.id = ?`).get(id) as Row);
    },
    /** Hides the items of these sources, and what was derived from them, at once; they are erased when the time for undoing has passed. */
    forget: (space: number, sources: readonly string[]): MemoryChange =>
      change(space, 'forget', (_, id) => {
        for (const source of sources) {
          show(space, source);
          db.prepare('UPDATE memory_item SET removed_in = ? WHERE space = ? AND source = ? AND removed_in IS NULL').run(id, space, source);
        }
        return changeOf(db, id);
      }),
    /** Takes back the newest change, or the one given: see the contract. Throws a FaultError where there is none. */
    undo: (space: number, wanted?: number): MemoryChange => db.commit('memory.undo', () => undo(db, undoable(db, space, wanted), now())),
    /** The newest change that can be taken back; null where there is none. */
    newest: (space: number): Undoable | null => undoable(db, space) ?? null,
    /** Erases for good what was removed before `time`. True where something was. */
    settle: (time: number): boolean => db.commit('memory.settle', () => settle(db, time)),
  };
}

/** Neither replaced nor removed. */
function currentFacts(db: Db, space: number, by: 'text' | 'subject', value: string) {
  const query = `SELECT id FROM memory_item WHERE space = ? AND kind = 'fact' AND ${by} = ? AND superseded_by IS NULL AND removed_in IS NULL`;
  return db.prepare<{ id: number }>(query).all(space, value);
}

function addFact(db: Db, space: number, write: Write, fact: NewItem, replaced: readonly { readonly id: number }[]): number {
  const earlier = [...replaced, ...(fact.subject == null ? [] : currentFacts(db, space, 'subject', fact.subject))];
  const [id = 0] = write(fact);
  const replace = db.prepare('UPDATE memory_item SET superseded_by = ?, valid_until = ? WHERE id = ?');
  for (const one of earlier) replace.run(id, fact.validFrom ?? fact.at, one.id);
  return id;
}

/** What the change added is removed by it too; what it removed or replaced is back. */
function undo(db: Db, wanted: Undoable | undefined, now: number): MemoryChange {
  if (wanted === undefined) throw new FaultError(fault('memory.nothing-to-undo'));
  const { id } = wanted;
  const undone = changeOf(db, id);
  db.prepare('UPDATE memory_item SET superseded_by = NULL, valid_until = NULL WHERE superseded_by IN (SELECT id FROM memory_item WHERE added_in = ?)').run(id);
  db.prepare('UPDATE memory_item SET removed_in = NULL WHERE removed_in = ?').run(id);
  db.prepare('UPDATE memory_item SET removed_in = ? WHERE added_in = ? AND removed_in IS NULL').run(id, id);
  db.prepare('UPDATE memory_change SET undone_at = ? WHERE id = ?').run(now, id);
  return undone;
}

/** What rests on an entry is remembered as forgotten, so that a rebuilt memory does not bring it back. */
function settle(db: Db, time: number): boolean {
  const over = 'SELECT id FROM memory_change WHERE coalesce(undone_at, at) < ?';
  if (db.prepare(`${over} LIMIT 1`).get(time) === undefined) return false;
  db.prepare(
    `INSERT OR IGNORE INTO memory_forgotten (entry) SELECT entry FROM memory_item WHERE kind = 'turn' AND entry IS NOT NULL AND removed_in IN (${over})`,
  ).run(time);
  const { changes } = db.prepare(`DELETE FROM memory_item WHERE removed_in IN (${over})`).run(time);
  db.prepare('DELETE FROM memory_change WHERE coalesce(undone_at, at) < ?').run(time);
  return changes > 0;
}

function undoable(db: Db, space: number, wanted?: number): Undoable | undefined {
  const open = 'FROM memory_change WHERE space = ? AND undone_at IS NULL';
  const query = `SELECT id, what, at ${open} AND id = coalesce(?, id) AND (what = 'forget' OR id = (SELECT max(id) ${open})) ORDER BY id DESC LIMIT 1`;
  return db.prepare<Undoable>(query).get(space, wanted ?? null, space);
}

function changeOf(db: Db, id: number): MemoryChange {
  const query = `SELECT id, what, at, (SELECT count(*) FROM memory_item WHERE added_in = c.id OR removed_in = c.id) AS items FROM memory_change c WHERE id = ?`;
  return db.prepare<MemoryChange>(query).get(id) as MemoryChange;
}

/** Written by this room alone, under the table's constraints, so trusted here. */
export function toItem(row: Row): MemoryItem {
  return { ...row, superseded: row.superseded === 1 };
}

// What is remembered, for the page in the window: by when it was said, or by ids.
import { FaultError, fault } from '../contract/fault.ts';
import type { MemoryItem } from '../contract/memory.ts';
import type { RequestPayload } from '../contract/request.ts';
import type { Db } from '../journal/open.ts';
import { tokensOf } from './recall/words.ts';
import { columns, isVisible, type Row, toItem } from './store.ts';
import { textTerm } from './write.ts';

type Replaced = Pick<MemoryItem, 'id' | 'source' | 'subject'> & { readonly entry: number | null };

/** A long text is kept in parts, one after the other; only the first stands here. */
const isFirstPart = `NOT (i.kind = 'turn' AND EXISTS (SELECT 1 FROM memory_item p WHERE p.id = i.id - 1 AND p.space = i.space AND p.kind = 'turn' AND p.source = i.source))`;

/** The newest before `before`; what has no time comes last. */
export function timeline(db: Db, space: number, { kind, before, limit }: Omit<RequestPayload<'memory.look'>, 'query'>): MemoryItem[] {
  // The few that are no turns have an index of their own, which SQLite does not take by itself.
  const index = kind === undefined || kind === 'turn' ? '' : 'INDEXED BY memory_item_layer';
  const layer = kind === undefined ? '' : `AND i.kind = '${kind}'${index === '' ? '' : ` AND i.kind <> 'turn'`}`;
  const rows = (where: string, ...given: readonly number[]): Row[] => {
    const query = `SELECT ${columns} FROM memory_item i ${index} WHERE i.space = ? AND ${where} ${layer} AND ${isFirstPart} AND ${isVisible} ORDER BY i.at DESC, i.id DESC LIMIT ?`;
    return db.prepare<Row>(query).all(space, ...given);
  };
  const { at, id } = before ?? { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
  const timed = at === null ? [] : rows('i.at <= ? AND (i.at < ? OR i.id < ?)', at, at, id, limit);
  return [...timed, ...rows('i.at IS NULL AND i.id < ?', at === null ? id : Number.MAX_SAFE_INTEGER, limit - timed.length)].map(toItem);
}

/** In the order of the ids; those that are gone are left out. */
export function itemsOf(db: Db, ids: readonly number[]): MemoryItem[] {
  const query = `SELECT ${columns} FROM json_each(?) w CROSS JOIN memory_item i ON i.id = w.value WHERE ${isVisible} ORDER BY w.key`;
  return db.prepare<Row>(query).all(JSON.stringify(ids)).map(toItem);
}

/** The newest that hold a word which begins like the last one of the query: while one types it is not finished. */
export function begunIn(db: Db, space: number, query: string, limit: number): number[] {
  const word = tokensOf(query).at(-1);
  if (word === undefined) return [];
  const match = db.prepare<{ rowid: number }>('SELECT rowid FROM memory_index WHERE memory_index MATCH ? ORDER BY rowid DESC LIMIT ?');
  return match.all(`"${textTerm(space, word)}"*`, limit).map(({ rowid }) => rowid);
}

/** What an item takes over from the one it replaces. Throws a FaultError where that is neither a fact nor of this kind, or is gone or replaced itself. */
export function replaceable(db: Db, id: number, kind: MemoryItem['kind']): Replaced {
  const query = `SELECT i.id, i.source, i.entry, i.subject FROM memory_item i WHERE i.id = ? AND i.kind IN ('fact', ?) AND i.superseded_by IS NULL AND ${isVisible}`;
  const found = db.prepare<Replaced>(query).get(id, kind);
  if (found === undefined) throw new FaultError(fault('memory.missing', { source: String(id) }));
  return found;
}

// The one write path: an item is cut to size, given its place in a sitting, stored and indexed, all in the caller's commit.
import type { MemoryItem } from '../contract/memory.ts';
import type { Db } from '../journal/open.ts';
import { termsOf, tokensOf } from './recall/words.ts';

export type NewItem = Readonly<Pick<MemoryItem, 'kind' | 'source' | 'at' | 'author' | 'text'>> & {
  /** The journal's entry that it rests on; when that is erased, so is the item. */
  readonly entry?: number | null;
  readonly conversation?: number;
  readonly subject?: string | null;
  readonly validFrom?: number;
};

/** Where something comes from: an entry of the journal, or else what `otherwise` says. */
export function originOf(entry: number | null, otherwise: string): Pick<NewItem, 'source' | 'entry'> {
  return entry === null ? { source: otherwise } : { source: `e${entry}`, entry };
}

/** Returns the ids of the item's parts. A long text has several: each is found and shown by itself. */
export type Write = (item: NewItem) => readonly number[];

/**
 * An id is sitting × 4096 + place: neighbours in a sitting have neighbouring ids, and because places 0, 1, 4094 and 4095 stay free,
 * two steps from one sitting never lead into the next.
 */
const places = 4096;
const firstPlace = 2;
const lastPlace = places - 3;
export const sittingOf = (id: number): number => Math.floor(id / places);

/** A pause as long as this begins a new sitting, in milliseconds. */
const longPause = 3_600_000;
/** Characters of a part: what still reads as one thing. */
const longestPart = 1200;

type Place = { readonly id: number; readonly at: number | null };

/** `change` is the undoable change that the items belong to; null for what is taken over from the journal. */
export function createWriter(db: Db, space: number, change: number | null): Write {
  clearStale(db);
  const open = new Map<number, Place | null>();
  let sitting = sittingOf(db.prepare<{ id: number | null }>('SELECT max(id) AS id FROM memory_item').get()?.id ?? 0);
  const insert = db.prepare(`INSERT INTO memory_item (id, space, kind, source, entry, thread, at, author, text, words, subject, valid_from, added_in)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const last = db.prepare<Place>('SELECT id, at FROM memory_item WHERE thread = ? AND thread > 0 ORDER BY id DESC LIMIT 1');

  const nextId = (item: NewItem): number => {
    const thread = item.conversation ?? 0;
    const before = open.get(thread) ?? (thread > 0 ? (last.get(thread) ?? null) : null);
    const paused = before === null || (before.at !== null && item.at !== null && Math.abs(item.at - before.at) > longPause);
    const goesOn = item.kind === 'turn' && !paused && before.id % places < lastPlace;
    const id = goesOn ? before.id + 1 : ++sitting * places + firstPlace;
    if (item.kind === 'turn') open.set(thread, { id, at: item.at });
    return id;
  };

  return (item) => {
    const parts = cut(clean(item.text));
    const author = clean(item.author);
    return parts.map((part) => {
      const id = nextId(item);
      const terms = termsOf(part);
      // What the journal holds anyway is not stored twice.
      const text = item.entry != null && item.kind === 'turn' && parts.length === 1 ? null : part;
      const place = [item.source, item.entry ?? null, item.conversation ?? 0, item.at, author, text, terms.length];
      insert.run(id, space, item.kind, ...place, item.subject ?? null, item.validFrom ?? null, change);
      addToIndex(db, space, id, terms, author);
      return id;
    });
  };
}

/** A term of the text and a word of the author's name, as they stand in the index: each space has its own. */
export const textTerm = (space: number, term: string): string => `${space}:${term}`;
export const authorTerm = (space: number, word: string): string => `${space}@${word}`;

export function addToIndex(db: Db, space: number, id: number, terms: readonly string[], author: string): void {
  const held = new Set(terms.map((term) => textTerm(space, term)));
  for (const word of tokensOf(author)) held.add(authorTerm(space, word));
  db.prepare('INSERT INTO memory_index (rowid, terms) VALUES (?, ?)').run(id, [...held].join(' '));
}

/** Items that are gone leave the index before their ids can be given anew. */
export function clearStale(db: Db): void {
  for (const { item } of db.prepare<{ item: number }>('SELECT item FROM memory_stale').all()) db.prepare('DELETE FROM memory_index WHERE rowid = ?').run(item);
  db.prepare('DELETE FROM memory_stale').run();
}

/** Lone surrogates and NUL are no text: they become U+FFFD. */
function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** Parts of at most `longestPart` characters, cut where a paragraph, a sentence or a word ends; put together they are the text. */
function cut(text: string): string[] {
  const parts: string[] = [];
  let rest = 0;
  while (text.length - rest > longestPart) {
    const piece = text.slice(rest, rest + longestPart);
    const end = Math.max(piece.lastIndexOf('\n') + 1, piece.lastIndexOf('. ') + 2, piece.lastIndexOf('。') + 1);
    const space = piece.lastIndexOf(' ') + 1;
    const whole = piece.isWellFormed() ? longestPart : longestPart - 1;
    const length = end > longestPart / 2 ? end : space > longestPart / 2 ? space : whole;
    parts.push(text.slice(rest, rest + length));
    rest += length;
  }
  return [...parts, text.slice(rest)];
}

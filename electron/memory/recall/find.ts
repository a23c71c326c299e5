// Which items hold the words of a question: read from the index, in bounded time however common the words are.
import type { Db } from '../../journal/open.ts';
import { authorTerm, textTerm } from '../write.ts';
import { type Posting, rarity } from './rank.ts';
import { type AskedWord, likeness, stem } from './words.ts';

export type Finder = ReturnType<typeof createFinder>;

/** Of a common term only the newest items are read, at most so many; in a large space fewer, so that ten of them still take milliseconds. */
const most = { small: 4000, large: 400 };
const largeSpace = 50_000;
const relatedTerms = 8;
const relatedWeight = 0.2;

/** How many items hold a term, remembered between searches: it needs to be about right only. */
export type Counts = Map<string, number>;

type Likely = { readonly term: string; readonly weight: number; readonly value: number };

export function createFinder(db: Db, space: number, total: number, counts: Counts) {
  const large = total > largeSpace;
  if (counts.size > 50_000) counts.clear();
  const limit = large ? most.large : most.small;
  const match = db.prepare<{ rowid: number }>('SELECT rowid FROM memory_index WHERE memory_index MATCH ? ORDER BY rowid DESC LIMIT ?');
  const newest = db.prepare<{ id: number | null }>('SELECT max(id) AS id FROM memory_item').get()?.id ?? 1;
  const quoted = (term: string): string => `"${term}"`;
  const read = (query: string, up: number): number[] => match.all(query, up).map(({ rowid }) => rowid);
  const exists = (term: string): boolean => read(quoted(textTerm(space, term)), 1).length > 0;

  const posting = (label: string, term: string, weight: number, asked: boolean, up = limit): Posting => {
    const items = read(quoted(textTerm(space, term)), up);
    // How far back the newest ones reach tells how many there are in all.
    const reached = newest - (items.at(-1) ?? 0) + 1;
    const count = items.length < up ? items.length : Math.min(total, Math.round((items.length * newest) / reached));
    return { label, term, weight, asked, items, count };
  };

  const asked = (words: readonly AskedWord[]): Posting[] => {
    const found = new Map<string, Posting>();
    const add = (one: Posting): void => {
      if (one.items.length > 0 && (found.get(one.term)?.weight ?? 0) < one.weight) found.set(one.term, one);
    };
    for (const [at, { word, terms, weight }] of words.entries()) {
      for (const term of terms) add(posting(word, term, weight, true));
      const [term = '', ...pairs] = terms;
      const next = words[at + 1];
      if (pairs.length > 0 || word.length < 3) continue;
      if (next?.terms.length === 1) add(posting(`${word}${next.word}`, stem(word + next.word), 0.8, true));
      if (!found.has(term)) for (const part of compound(word, exists)) add(posting(word, part, 0.7, true));
      if (term.length >= 5 && (found.get(term)?.items.length ?? 0) < limit) for (const kin of kinOf(db, space, term)) add(posting(word, kin, 0.6, true));
    }
    return together(db, space, [...found.values()], limit);
  };

  return {
    /** The words of the question as postings, with words written alike where one is unknown here. */
    asked,
    /** Somebody with this word in the name speaks here. */
    isAuthor: (word: string): boolean => read(quoted(authorTerm(space, word)), 1).length > 0,
    byAuthor: (word: string): readonly number[] => read(quoted(authorTerm(space, word)), 300),
    /** Terms that stand in the best items, the most telling first. `weight` says how good each item is, 0 to 1. */
    related: (texts: readonly { readonly terms: readonly string[]; readonly weight: number }[], known: readonly Posting[]): Posting[] => {
      const held = new Map<string, number>();
      for (const { terms, weight } of texts) for (const term of new Set(terms)) held.set(term, (held.get(term) ?? 0) + weight);
      for (const { term } of known) held.delete(term);
      // Those that several of the best hold, and long words before short ones, which are common more often.
      const likely = [...held].map(([term, weight]) => ({ term, weight, value: weight * Math.min(8, term.length) })).sort((a, b) => b.value - a.value);
      const rated = large ? likely : rare(db, space, total, likely.slice(0, 60), counts);
      const best = rated.slice(0, relatedTerms);
      return best.map(({ term, value }) => posting(term, term, (relatedWeight * value) / (best[0]?.value || 1), false, large ? 150 : limit));
    },
  };
}

/** By how rare they are. Counting one costs as much as it is common, so only where little is stored. */
function rare(db: Db, space: number, total: number, terms: readonly Likely[], counts: Counts): Likely[] {
  const unknown = terms.map(({ term }) => textTerm(space, term)).filter((term) => !counts.has(term));
  const query = 'SELECT t.term, t.doc FROM json_each(?) w CROSS JOIN memory_terms t ON t.term = w.value';
  for (const { term, doc } of db.prepare<{ term: string; doc: number }>(query).all(JSON.stringify(unknown))) counts.set(term, doc);
  const rated = terms.flatMap(({ term, weight }) => {
    const count = counts.get(textTerm(space, term)) ?? 0;
    return count < 2 ? [] : [{ term, weight, value: weight * rarity(total, count) }];
  });
  return rated.sort((a, b) => b.value - a.value);
}

/** "roadtrip" where people here write "road trip". */
function compound(word: string, exists: (term: string) => boolean): readonly string[] {
  for (let at = 3; at <= word.length - 3; at++) {
    const parts = [stem(word.slice(0, at)), stem(word.slice(at))];
    if (parts.every(exists)) return parts;
  }
  return [];
}

/** Terms of the store with the same beginning ("counsel" for "counselor"), or where the word itself is unknown, those spelt nearly like it. */
function kinOf(db: Db, space: number, term: string): readonly string[] {
  const start = term.slice(0, Math.max(5, term.length - 2));
  const kin = vocabulary(db, space, start).filter((one) => one !== term && one.length - start.length <= 4);
  if (kin.length > 0 || vocabulary(db, space, term).includes(term)) return kin.slice(0, 4);
  const alike = vocabulary(db, space, term.slice(0, 3)).map((one) => ({ one, likeness: likeness(one, term) }));
  const [closest] = alike.sort((a, b) => b.likeness - a.likeness);
  return closest !== undefined && closest.likeness >= 0.75 ? [closest.one] : [];
}

function vocabulary(db: Db, space: number, start: string): string[] {
  const prefix = textTerm(space, start);
  const rows = db.prepare<{ term: string }>('SELECT term FROM memory_terms WHERE term >= ? AND term < ? LIMIT 200').all(prefix, `${prefix}\u{10ffff}`);
  return rows.map(({ term }) => term.slice(prefix.length - start.length));
}

/** Where words are so common that only their newest items were read, also the items that hold two of the asked words, however old. */
function together(db: Db, space: number, postings: readonly Posting[], limit: number): Posting[] {
  if (!postings.some(({ items }) => items.length >= limit)) return [...postings];
  const rarest = [...postings].sort((a, b) => a.count - b.count);
  const more = new Map<Posting, number[]>();
  for (const [at, one] of rarest.slice(0, 2).entries()) {
    for (const other of rarest.slice(at + 1, at + 4)) {
      if (one.items.length < limit && other.items.length < limit) continue;
      const both = `"${textTerm(space, one.term)}" AND "${textTerm(space, other.term)}"`;
      const rows = db.prepare<{ rowid: number }>('SELECT rowid FROM memory_index WHERE memory_index MATCH ? ORDER BY rowid DESC LIMIT 200').all(both);
      for (const side of [one, other]) more.set(side, [...(more.get(side) ?? []), ...rows.map(({ rowid }) => rowid)]);
    }
  }
  return postings.map((one) => ({ ...one, items: [...new Set([...one.items, ...(more.get(one) ?? [])])] }));
}

// What plain BM25 reaches on the same lines: single turns as SQLite's FTS5 ranks them, and the same with the turns before and after each hit.
import Sqlite from 'better-sqlite3';
import type { Line } from './store.ts';

/** Indices of lines, best first. */
export type Ranking = (query: string) => number[];

/** Common words are left out of the question; stemming is FTS5's own. */
export function plainBm25(lines: readonly Line[], stopWords: ReadonlySet<string>): Ranking {
  const sqlite = new Sqlite(':memory:');
  sqlite.exec(`CREATE VIRTUAL TABLE line USING fts5 (text, tokenize = 'porter unicode61')`);
  const insert = sqlite.prepare('INSERT INTO line (rowid, text) VALUES (?, ?)');
  lines.forEach(({ text }, at) => void insert.run(at + 1, text));
  const search = sqlite.prepare('SELECT rowid FROM line WHERE line MATCH ? ORDER BY bm25(line) LIMIT 400');
  return (query) => {
    const words = [...new Set(query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].filter((word) => !stopWords.has(word));
    if (words.length === 0) return [];
    return (search.all(words.map((word) => `"${word}"`).join(' OR ')) as { readonly rowid: number }[]).map(({ rowid }) => rowid - 1);
  };
}

/** Each hit followed by its neighbours. */
export function withNeighbours(ranking: Ranking, lines: readonly Line[]): Ranking {
  return (query) => [...new Set(ranking(query).flatMap((at) => [at, at - 1, at + 1].filter((near) => lines[near] !== undefined)))];
}

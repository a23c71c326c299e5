// Finds conversations by title and by what was said in them: plain text, newest first.
import type { SearchHit } from '../contract/conversation.ts';
import type { Db } from '../journal/open.ts';

const maxHits = 50;
const around = 60;

type Row = Omit<SearchHit, 'excerpt'> & { readonly text: string };

/** Hits in titles first. Case is ignored for Latin letters. */
export function search(db: Db, query: string): SearchHit[] {
  const wanted = query.trim().toWellFormed();
  if (wanted === '') return [];
  const pattern = `%${wanted.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
  const titles = db
    .prepare<Row>(
      `SELECT id AS conversation, title, NULL AS item, title AS text, updated_at AS at FROM conversation WHERE removed_at IS NULL AND title LIKE ? ESCAPE '\\' ORDER BY updated_at DESC LIMIT ?`,
    )
    .all(pattern, maxHits);
  const texts = db
    .prepare<Row>(
      `SELECT c.id AS conversation, c.title, iif(e.type = 'message', 'm' || e.id, 'r' || e.run) AS item, e.body ->> '$.text' AS text, e.at
       FROM entry e JOIN run r ON r.id = e.run JOIN conversation c ON c.id = r.conversation
       WHERE e.type IN ('message', 'reply') AND c.removed_at IS NULL AND e.body ->> '$.text' LIKE ? ESCAPE '\\' ORDER BY e.id DESC LIMIT ?`,
    )
    .all(pattern, maxHits);
  return [...titles, ...texts].slice(0, maxHits).map(({ text, ...hit }) => ({ ...hit, excerpt: excerpt(text, wanted) }));
}

/** The match between U+0002 and U+0003, with some words around it, on one line. */
function excerpt(text: string, wanted: string): string {
  const at = Math.max(0, text.toLowerCase().indexOf(wanted.toLowerCase()));
  const end = at + wanted.length;
  const line = `${text.slice(Math.max(0, at - around), at)}\u0002${text.slice(at, end)}\u0003${text.slice(end, end + around)}`;
  return line.replace(/\s+/g, ' ').toWellFormed();
}

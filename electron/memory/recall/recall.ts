// From a question to what is remembered about it: find, score, look at what the best have in common, score again, and pack.
import type { MemoryHit, MemoryKind } from '../../contract/memory.ts';
import type { RequestPayload } from '../../contract/request.ts';
import type { Db } from '../../journal/open.ts';
import { isVisible, itemText } from '../store.ts';
import { type Counts, createFinder, type Finder } from './find.ts';
import { stopWords } from './lists.ts';
import { asList, dateOf, type Found, pack, tokensIn } from './pack.ts';
import { type Candidate, type Circumstances, closeness, nearTheBest, type Posting, rank, scoreWords } from './rank.ts';
import { relativeIn, type Span, spansIn } from './when.ts';
import { askedWords, termsOf, tokensOf } from './words.ts';

export type Question = Omit<RequestPayload<'memory.search'>, 'name'> & {
  /** Only this layer, which may be a small one. The usual ones are all but the profile, which is in view anyway. */
  readonly layer?: MemoryKind | 'any' | 'usual' | undefined;
  /** Items of this conversation from this entry on are in view already. */
  readonly inView?: { readonly conversation: number; readonly from: number } | undefined;
};

/** A candidate with what is shown of it. */
type Item = Candidate & Omit<Found, 'score' | 'why'> & { readonly validUntil: number | null };
type Row = Omit<Item, 'byNamed' | 'superseded'> & { readonly superseded: number };
type Asked = { readonly postings: readonly Posting[]; readonly names: ReadonlySet<string>; readonly spans: readonly Span[]; readonly past: boolean };

const candidatesAtMost = 250;
/** Items whose words are looked at for what they have in common. */
const feedback = 10;
const askedPast = /\b(used to|before|previously|formerly|originally|earlier|old|first|back then|no longer)\b|以前|之前|原来|原先|曾经|过去|当初/i;
const firstPerson = /\b(i|me|my|mine|myself)\b|我/i;
const longestQuery = 2000;

/**
 * Only looks. Times in words count from `now`. `coverage` is the share, by rarity, of the asked words that the best item or the turns beside it hold:
 * whether anything here is to the point. 0 to 1.
 */
export function recall(db: Db, space: number, question: Question, now: number, counts: Counts) {
  const total = db.prepare<{ items: number }>('SELECT items FROM memory_space WHERE id = ?').get(space)?.items ?? 0;
  const query = question.query.slice(0, longestQuery);
  const finder = createFinder(db, space, total, counts);
  const asked = understand(db, space, query, now, finder, total);
  const gather = createGather(db, space, asked, question);
  const around = (candidates: ReadonlyMap<number, Candidate>): Circumstances => {
    return { total, candidates, spans: asked.spans, named: asked.names.size > 0, past: asked.past };
  };
  const extra = [...inSpans(db, space, asked.spans), ...speakers(finder, asked)];
  const first = gather(scoreWords(asked.postings, { total, candidates: new Map() }), extra, new Map());
  const scored = scoreWords(asked.postings, { total, candidates: first });
  const best = rank(scored, around(first)).slice(0, feedback);
  const shared = best.map(({ id, score }) => ({ terms: termsOf(first.get(id)?.text ?? ''), weight: score / (best[0]?.score || 1) }));
  const postings = [...asked.postings, ...(asked.postings.length === 0 ? [] : finder.related(shared, asked.postings))];
  const scores = scoreWords(postings, { total, candidates: first });
  const candidates = gather(scores, extra, first);
  const order = rank(scores, around(candidates));
  const found = toFound(order, candidates, postings, asked, question);
  const terms = new Set(postings.filter((one) => one.asked).map(({ term }) => term));
  const hits: readonly MemoryHit[] = question.tokens === undefined ? asList(found) : pack(byUse(found), question.tokens, terms);
  const isSaid = (id: number): boolean => asked.postings.length === 0 || asked.postings.some(({ items }) => items.includes(id));
  return { hits, ids: () => found.map(({ id }) => id).filter(isSaid), coverage: coverageOf(asked.postings, order[0]?.id, total) };
}

function understand(db: Db, space: number, query: string, now: number, finder: Finder, total: number): Asked {
  const words = askedWords(query);
  const names = new Set(tokensOf(query).filter((word) => word.length > 1 && !stopWords.has(word) && finder.isAuthor(word)));
  if (firstPerson.test(query) && finder.isAuthor('person')) names.add('person');
  // Each by itself is a look at one end of an index; together they would be a walk through all of it.
  const ends = 'SELECT (SELECT min(at) FROM memory_item WHERE space = ?) AS "from", (SELECT max(at) FROM memory_item WHERE space = ?) AS until';
  const known = db.prepare<{ from: number | null; until: number | null }>(ends).get(space, space);
  const span = { from: known?.from ?? now, until: known?.until ?? now };
  // What was imported from long ago is asked about as if it were still then.
  const spans = spansIn(query, Math.min(now, span.until + 86_400_000), span);
  const rest = words.filter(({ word }) => !names.has(word) && !(spans.length > 0 && /^\d{4}$/.test(word)));
  const postings = nearTheBest(finder.asked(rest.length === 0 ? words : rest), total);
  const relative = spans.length > 0 ? null : relativeIn(query);
  const event = relative === null ? null : timeOf(db, space, finder.asked(askedWords(relative.event).filter(({ word }) => !names.has(word))), total);
  const side =
    event === null ? [] : [relative?.side === 'before' ? { from: event - 90 * 86_400_000, until: event } : { from: event, until: event + 90 * 86_400_000 }];
  return { postings, names, spans: [...spans, ...side], past: askedPast.test(query) && side.length === 0 };
}

/** When the event was spoken of. */
function timeOf(db: Db, space: number, postings: readonly Posting[], total: number): number | null {
  const scores = scoreWords(nearTheBest(postings, total), { total, candidates: new Map() });
  const [best] = [...scores].sort(([a, x], [b, y]) => y - x || b - a);
  if (best === undefined) return null;
  return db.prepare<{ at: number | null }>('SELECT at FROM memory_item WHERE id = ? AND space = ?').get(best[0], space)?.at ?? null;
}

function inSpans(db: Db, space: number, spans: readonly Span[]): number[] {
  const query = 'SELECT id FROM memory_item WHERE space = ? AND at >= ? AND at < ? ORDER BY at LIMIT 150';
  const day = 86_400_000;
  return spans.slice(0, 5).flatMap(({ from, until }) =>
    db
      .prepare<{ id: number }>(query)
      .all(space, from - 3 * day, until + 10 * day)
      .map(({ id }) => id),
  );
}

/** Where nothing but a name was asked, what that person said last. */
function speakers(finder: Finder, { postings, names }: Asked): number[] {
  return postings.length > 0 ? [] : [...names].flatMap((name) => [...finder.byAuthor(name)]);
}

/** Reads what is known of the best-scored items; those that are forgotten, gone or in view already drop out. */
function createGather(db: Db, space: number, { names }: Asked, { inView, layer = 'usual' }: Question) {
  const read = db.prepare<Row>(`SELECT i.id, i.kind, i.words, i.source, i.at, i.author, ${itemText} AS text, i.valid_until AS validUntil,
    i.superseded_by IS NOT NULL AS superseded FROM json_each(?) w CROSS JOIN memory_item i ON i.id = w.value WHERE i.space = ? AND (i.kind = ? OR ? = 'any' OR (? = 'usual' AND i.kind <> 'profile')) AND ${isVisible} AND NOT (i.thread = ? AND i.entry >= ?)`);
  return (scores: ReadonlyMap<number, number>, extra: readonly number[], known: ReadonlyMap<number, Item>): Map<number, Item> => {
    const wanted = [...scores].sort(([a, x], [b, y]) => y - x || b - a).slice(0, candidatesAtMost * (layer === 'usual' || layer === 'any' ? 1 : 10));
    const ids = [...new Set([...wanted.map(([id]) => id), ...extra])].filter((id) => !known.has(id));
    const rows = read.all(JSON.stringify(ids), space, layer, layer, layer, inView?.conversation ?? -1, inView?.from ?? 0);
    const byNamed = (author: string): boolean => tokensOf(author).some((word) => names.has(word));
    const items = rows.map((row): Item => ({ ...row, byNamed: byNamed(row.author), superseded: row.superseded === 1 }));
    return new Map([...known, ...items.map((item): [number, Item] => [item.id, item])]);
  };
}

function toFound(
  order: ReturnType<typeof rank>,
  candidates: ReadonlyMap<number, Item>,
  postings: readonly Posting[],
  asked: Asked,
  { tokens, limit = 10 }: Question,
): Found[] {
  const taken = order.slice(0, tokens === undefined ? limit : Math.min(2000, Math.max(60, Math.ceil(tokens / 6))));
  return taken.flatMap(({ id, score }) => {
    const item = candidates.get(id);
    if (item === undefined) return [];
    const { superseded, validUntil, text } = item;
    const until = superseded && validUntil !== null ? ` (until ${dateOf(validUntil)})` : '';
    return [{ ...item, text: text + until, score, why: whyOf(item, postings, asked) }];
  });
}

/** The most useful for what it costs: of two that answer alike, the shorter. */
function byUse(found: readonly Found[]): Found[] {
  const rated = found.map((one) => ({ one, use: one.score / (tokensIn(one.text) + 10) ** 0.3 }));
  return rated.sort((a, b) => b.use - a.use).map(({ one }) => one);
}

function whyOf(candidate: Candidate, postings: readonly Posting[], { names, spans }: Asked): string {
  const words = new Set(postings.filter(({ asked, items }) => asked && items.includes(candidate.id)).map(({ label }) => label));
  const company = postings.some(({ asked, items }) => !asked && items.includes(candidate.id));
  const reasons = [
    ...(words.size > 0 ? [`says ${[...words].join(', ')}`] : company ? ['says what goes with it'] : ['stands beside it']),
    ...(candidate.byNamed ? [`by ${[...names].join(', ')}`] : []),
    ...(closeness(candidate.at, spans) > 0.3 ? ['from the time asked for'] : []),
    ...(candidate.kind === 'turn' ? [] : [candidate.kind]),
    ...(candidate.superseded ? ['replaced since'] : []),
  ];
  return reasons.join('; ');
}

function coverageOf(postings: readonly Posting[], best: number | undefined, total: number): number {
  const worth = ({ weight, count }: Posting): number => weight * Math.log(1 + total / count);
  const all = postings.reduce((sum, one) => sum + worth(one), 0);
  if (best === undefined || all === 0) return 0;
  const held = postings.filter(({ items }) => items.some((id) => Math.abs(id - best) <= 1));
  return held.reduce((sum, one) => sum + worth(one), 0) / all;
}

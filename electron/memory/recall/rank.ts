// How well each item answers, pure: words it holds, words said beside it, its sitting, who said it, when, and what sort of item it is.
import { sittingOf } from '../write.ts';
import { daysOutside, type Span } from './when.ts';

/** A term of the search with the items that hold it. */
export type Posting = {
  /** For people: the word as it was asked. */
  readonly label: string;
  readonly term: string;
  readonly weight: number;
  /** Asked for, or found to keep company with what was asked. */
  readonly asked: boolean;
  /** Ids; of a very common term only the newest. */
  readonly items: readonly number[];
  /** How many items hold it; an estimate for very common terms. */
  readonly count: number;
};

/** What its rank depends on, beside the words. */
export type Candidate = {
  readonly id: number;
  readonly kind: string;
  readonly words: number;
  readonly at: number | null;
  readonly byNamed: boolean;
  readonly superseded: boolean;
};

export type Circumstances = {
  /** Items in the space. */
  readonly total: number;
  readonly candidates: ReadonlyMap<number, Candidate>;
  readonly spans: readonly Span[];
  /** Somebody who speaks here is named in the question. */
  readonly named: boolean;
  /** The question asks for how things were. */
  readonly past: boolean;
};

/** Saturation and length of BM25, and how much a match counts for the turns around it: next, previous, and two steps away. */
const k1 = 0.6;
const lengthShare = 0.6;
const reach: readonly (readonly [number, number])[] = [
  [0, 1],
  [1, 0.4],
  [-1, 0.5],
  [2, 0.3],
  [-2, 0.3],
];
/** Rare words decide: their weight grows a little faster than the logarithm of their rarity. */
const rarityPower = 1.2;
const sittingShare = 0.1;
const namedSpeaker = 1.3;
const recency = 0.08;
const factBonus = 0.4;

export const rarity = (total: number, count: number): number => Math.log(1 + (total - Math.min(total, count) + 0.5) / (Math.min(total, count) + 0.5));

/** Items beside which nothing is scored, when words are common: only the surroundings of so many that hold most of what was asked are. */
const centresAtMost = 200;
const itemsAtMost = 2000;

/** The same postings where they are few; else without the items that lie far from everything that holds several of the words. */
export function nearTheBest(postings: readonly Posting[], total: number): readonly Posting[] {
  if (postings.reduce((sum, { items }) => sum + items.length, 0) <= itemsAtMost) return postings;
  const held = new Map<number, number>();
  for (const { items, weight, count } of postings) {
    const worth = weight * rarity(total, count);
    for (const id of items) held.set(id, (held.get(id) ?? 0) + worth);
  }
  const least = [...held.values()].sort((a, b) => b - a)[centresAtMost] ?? 0;
  const near = new Set<number>();
  // Of many that are equally good the newest are as good as any; an item's own postings stand newest first.
  for (const [id, value] of held) {
    if (value < least || near.size > centresAtMost * 5) continue;
    for (const [step] of reach) near.add(id + step);
  }
  return postings.map((one) => ({ ...one, items: one.items.filter((id) => near.has(id)) }));
}

/** From the words alone; items that only stand beside a match are among them. */
export function scoreWords(postings: readonly Posting[], { total, candidates }: Pick<Circumstances, 'total' | 'candidates'>): Map<number, number> {
  const usual = usualLength(candidates);
  const scores = new Map<number, number>();
  const sittings = new Map<number, number>();
  for (const { items, weight, count } of postings) {
    const worth = weight * rarity(total, count) ** rarityPower;
    const near = new Map<number, number>();
    const here = new Map<number, number>();
    for (const id of items) {
      const length = (candidates.get(id)?.words ?? usual) / usual;
      const match = (k1 + 1) / (1 + k1 * (1 - lengthShare + lengthShare * length));
      const sitting = sittingOf(id);
      here.set(sitting, (here.get(sitting) ?? 0) + 1);
      for (const [step, share] of reach) {
        const before = near.get(id + step) ?? 0;
        near.set(id + step, before + share * match * (1 - Math.min(1, before / 4)));
      }
    }
    for (const [id, value] of near) scores.set(id, (scores.get(id) ?? 0) + worth * value);
    for (const [sitting, times] of here) sittings.set(sitting, (sittings.get(sitting) ?? 0) + (worth * times) / (times + 1.5));
  }
  const [best, fullest] = [highest(scores), highest(sittings)];
  for (const [id, score] of scores) scores.set(id, score + (sittingShare * best * (sittings.get(sittingOf(id)) ?? 0)) / (fullest || 1));
  return scores;
}

/** The candidates by everything that is known of them, best first. */
export function rank(scores: ReadonlyMap<number, number>, around: Circumstances): { readonly id: number; readonly score: number }[] {
  const best = highest(scores) || 1;
  const times = [...around.candidates.values()].flatMap(({ at }) => (at === null ? [] : [at]));
  const oldest = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const range = times.reduce((most, at) => Math.max(most, at), Number.NEGATIVE_INFINITY) - oldest;
  const ranked = [...around.candidates.values()].flatMap((one) => {
    const nearness = closeness(one.at, around.spans);
    const words = (scores.get(one.id) ?? 0) + 0.3 * best * nearness;
    const age = one.at === null || !(range > 0) ? 0.5 : (one.at - oldest) / range;
    const score = words * (1 + 0.5 * nearness) * speaker(one, around) * layer(one, around) * (1 + recency * (around.past ? 1 - age : age));
    return score > 0 ? [{ id: one.id, score }] : [];
  });
  return ranked.sort((left, right) => right.score - left.score || right.id - left.id);
}

/** 1 within a stretch that was asked for; people speak of a day more after it than before it. */
export function closeness(at: number | null, spans: readonly Span[]): number {
  if (at === null || spans.length === 0) return 0;
  return Math.max(
    ...spans.map((span) => {
      const days = daysOutside(at, span);
      return days < 0 ? Math.exp(days / 3) : Math.exp(-days / 5);
    }),
  );
}

function speaker({ byNamed }: Candidate, { named }: Circumstances): number {
  return named && byNamed ? 1 + namedSpeaker : 1;
}

/** A fact says in a line what turns say in many. One that was replaced stays behind its successor unless the past is asked for. */
function layer({ kind, superseded }: Candidate, { past }: Circumstances): number {
  if (kind !== 'fact') return 1;
  return (1 + factBonus) * (superseded && !past ? 0.5 : 1);
}

function usualLength(candidates: ReadonlyMap<number, Candidate>): number {
  let words = 0;
  for (const one of candidates.values()) words += one.words;
  return candidates.size === 0 ? 12 : Math.max(1, words / candidates.size);
}

function highest(values: ReadonlyMap<number, number>): number {
  let most = 0;
  for (const value of values.values()) if (value > most) most = value;
  return most;
}

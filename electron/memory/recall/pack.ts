// What was found, put into as little text as can be: the date once for each sitting, small talk left out, most useful first.
import type { MemoryHit, MemoryItem } from '../../contract/memory.ts';
import { sittingOf } from '../write.ts';
import { smallTalk, stopWords } from './lists.ts';
import { stem, tokensOf } from './words.ts';

export type Found = Readonly<Pick<MemoryItem, 'id' | 'kind' | 'source' | 'at' | 'author' | 'text'> & Pick<MemoryHit, 'score' | 'why'>>;

/** Characters of scripts that a tokenizer gives about a token each. */
const wide = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|[\ud800-\udbff][\udc00-\udfff]/g;
const ascii = /^[\t-~]*$/;

/** The measure of every budget of memory: four characters are a token, but a character of a wide script or an emoji is one by itself. */
export function tokensIn(text: string): number {
  if (ascii.test(text)) return Math.ceil(text.length / 4);
  let wideOnes = 0;
  const narrow = text.replace(wide, () => {
    wideOnes += 1;
    return '';
  });
  return Math.ceil(narrow.length / 4 + wideOnes);
}

/** As local date; null has none. Years before 1000 are filled up to four digits. */
export function dateOf(at: number | null): string {
  if (at === null) return '';
  const time = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** Each item by itself, whole. */
export function asList(found: readonly Found[]): MemoryHit[] {
  return found.map((one) => hitOf([one], found[0]?.score ?? 1, ' '));
}

/** As much as fits the budget, by sitting, the first of `found` first. `asked` are the terms whose sentences always stay. */
export function pack(found: readonly Found[], budget: number, asked: ReadonlySet<string>): MemoryHit[] {
  const names = new Set(found.flatMap(({ author }) => tokensOf(author)));
  const sittings = new Map<number, { readonly lines: readonly Found[]; readonly hit: MemoryHit }>();
  const best = Math.max(...found.map(({ score }) => score));
  let left = budget;
  for (const one of found) {
    const sitting = sittingOf(one.id);
    const before = sittings.get(sitting);
    const lines = [...(before?.lines ?? []), { ...one, text: shorten(one.text, asked, names) }];
    const hit = hitOf(lines, best, '\n');
    const cost = hit.tokens - (before?.hit.tokens ?? 0);
    if (cost <= left) {
      left -= cost;
      sittings.set(sitting, { lines, hit });
    } else if (left < 8) break;
  }
  return [...sittings.values()].map(({ hit }) => hit).sort((a, b) => b.score - a.score);
}

/** One sitting in the order it was said, behind its date. */
function hitOf(lines: readonly Found[], best: number, between: ' ' | '\n'): MemoryHit {
  const first = lines.reduce((most, one) => (one.score > most.score ? one : most));
  const said = [...lines].sort((a, b) => a.id - b.id);
  const words = said.map(({ author, text }) => (author === '' ? text : `${author}: ${text}`));
  const text = [dateOf(first.at), ...words].filter((part) => part !== '').join(between);
  const score = Number((first.score / (best || 1)).toFixed(4));
  return { source: [...new Set(said.map((one) => one.source))], kind: first.kind, text, tokens: tokensIn(text), score, why: first.why, at: first.at };
}

/** Without the sentences that say nothing: thanks, greetings, praise. The first sentence stays where all are such. */
export function shorten(text: string, asked: ReadonlySet<string>, names: ReadonlySet<string>): string {
  const sentences = text.match(/\[[^\]]*\]|[^.!?\n[。！？]+[.!?。！？]*["”’']?|[.!?。！？[]/g)?.map((sentence) => sentence.trim()) ?? [];
  if (sentences.length < 2 || text.length > 2000) return text;
  const kept = sentences.filter((sentence) => sentence !== '' && !isSmallTalk(sentence, asked, names));
  return kept.length === 0 ? (sentences[0] ?? text) : kept.length === sentences.length ? text : kept.join(' ');
}

function isSmallTalk(sentence: string, asked: ReadonlySet<string>, names: ReadonlySet<string>): boolean {
  if (/\d|^\[/.test(sentence)) return false;
  return tokensOf(sentence).every((word) => {
    if (asked.has(stem(word))) return false;
    return stopWords.has(word) || smallTalk.has(word) || isNameOf(word, names);
  });
}

/** "Mel" for Melanie, too. */
function isNameOf(word: string, names: ReadonlySet<string>): boolean {
  return names.has(word) || (word.length > 2 && [...names].some((name) => name.startsWith(word)));
}

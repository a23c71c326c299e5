// From text to the terms that are indexed and searched: folded, stemmed, and for scripts without spaces cut into pairs of characters.
import { stemmer } from 'stemmer';
import { askingWords, baseForms, stopWords } from './lists.ts';

/** A word of a question. */
export type AskedWord = {
  /** As it was written, folded. */
  readonly word: string;
  /** What stands for it in the index: one term, or the pairs of a word in a script without spaces. */
  readonly terms: readonly string[];
  /** 1, or less for words that only say what kind of answer is wanted. */
  readonly weight: number;
};

const unspaced = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const unspacedRun = new RegExp(`^[${unspaced}]`, 'v');
const token = new RegExp(`[${unspaced}]+|[[\\p{L}\\p{M}\\p{N}]--[${unspaced}]]+|\\p{Extended_Pictographic}`, 'gv');
const markedLetter = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{Mn}+/gu;
const longestTerm = 48;

/** The terms of a text, in order, with repeats, without words that say nothing. */
export function termsOf(text: string): string[] {
  return tokensOf(text).flatMap((word) => {
    if (unspacedRun.test(word)) return [...pairs(word), ...word];
    return stopWords.has(word) ? [] : [stem(word)];
  });
}

/** The words that a question asks with. Which pairs of characters are words is known here alone: the index holds them all. */
export function askedWords(query: string): AskedWord[] {
  return tokensOf(query).flatMap((word): AskedWord[] => {
    if (stopWords.has(word)) return [];
    if (unspacedRun.test(word))
      return segments(word)
        .filter((part) => !stopWords.has(part))
        .map(unspacedWord);
    const term = stem(word);
    return [{ word, terms: [term], weight: askingWords.has(term) || askingWords.has(word) ? 0.5 : 1 }];
  });
}

/** Words as written, folded: lower case, without accents on Latin, Greek and Cyrillic letters, and without the English 's. */
export function tokensOf(text: string): string[] {
  return (
    fold(text)
      .match(token)
      ?.map((found) => found.slice(0, longestTerm).toWellFormed()) ?? []
  );
}

/** Only a memo: the same few thousand words make up most of what is said. */
const stems = new Map<string, string>();

export function stem(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size > 50_000) stems.clear();
  const made = stemmer(baseForms.get(word) ?? word);
  stems.set(word, made);
  return made;
}

/** How alike two words are written, 0 to 1, by the pairs of letters they share: for names and words that were misspelt. */
export function likeness(left: string, right: string): number {
  const [a, b] = [new Set(pairs(`^${left}$`)), new Set(pairs(`^${right}$`))];
  const shared = [...a].filter((pair) => b.has(pair)).length;
  return (2 * shared) / (a.size + b.size);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole range of ASCII.
const plain = /^[\x00-\x7f]*$/;

function fold(text: string): string {
  const folded = plain.test(text) ? text : text.normalize('NFKD').replace(markedLetter, '$1').normalize('NFC').replaceAll('\u2019', "'");
  return folded.toLowerCase().replace(/'s\b/g, '');
}

function pairs(run: string): string[] {
  const characters = [...run];
  return characters.slice(1).map((character, at) => (characters[at] ?? '') + character);
}

function segments(run: string): string[] {
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
  return [...segmenter.segment(run)].map(({ segment }) => segment);
}

function unspacedWord(word: string): AskedWord {
  const found = pairs(word);
  return found.length === 0 ? { word, terms: [word], weight: 0.6 } : { word, terms: found, weight: 1 / found.length };
}

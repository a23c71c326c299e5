import type { Token } from 'node-llama-cpp';
import { expect, test } from 'vitest';
import { align, type Span } from './align.ts';

/** Texts as tokens: each text is its own token. */
function aligned(cached: readonly string[], wanted: readonly string[], written: readonly Span[] = []): string[] {
  const texts = [...new Set([...cached, ...wanted])];
  const tokens = (parts: readonly string[]) => parts.map((part) => texts.indexOf(part) as Token);
  return align(tokens(cached), tokens(wanted), written, (token) => texts[token] ?? '').map((token) => texts[token] ?? '');
}

test('the same text in other tokens keeps the tokens that were read', () => {
  expect(aligned(['a', 'bc', 'd', 'e'], ['a', 'b', 'cd', 'e', 'f'])).toEqual(['a', 'bc', 'd', 'e', 'f']);
});

test('from the first difference in the text on, the prompt counts', () => {
  expect(aligned(['a', 'bc', 'x'], ['a', 'b', 'c', 'y', 'z'])).toEqual(['a', 'bc', 'y', 'z']);
  expect(aligned(['a', 'b', 'c'], ['x', 'b', 'c'])).toEqual(['x', 'b', 'c']);
});

test('a cut in the middle of a token keeps nothing of it', () => {
  expect(aligned(['a', 'bcd'], ['a', 'bc', 'e'])).toEqual(['a', 'bc', 'e']);
});

test('white space may differ inside what the model wrote, and nowhere else', () => {
  const cached = ['<p>', '{"a":', '1', '}', '\n\n'];
  const wanted = ['<p>', '{"a": ', '1', '}', '\n', '</p>'];
  expect(aligned(cached, wanted, [{ start: 1, end: 5 }])).toEqual(['<p>', '{"a":', '1', '}', '\n', '</p>']);
  expect(aligned(cached, wanted)).toEqual(wanted);
});

test('a prompt that the cache holds already, and an empty cache, are left alone', () => {
  expect(aligned(['a', 'b', 'c'], ['a', 'b'])).toEqual(['a', 'b']);
  expect(aligned([], ['a'])).toEqual(['a']);
});

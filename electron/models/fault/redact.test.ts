import { expect, test } from 'vitest';
import { redacted } from './redact.ts';

test.each([
  ['Incorrect API key provided: sk-SECRET123.', 'Incorrect API key provided: [key]'],
  ['Incorrect API key provided: abcd1234, see the docs', 'Incorrect API key provided: [key], see the docs'],
  ['key sk-proj-abc***xyz is revoked', 'key [key] is revoked'],
  ['{"authorization":"Bearer abc.DEF-456"}', '{"authorization":"Bearer [key]"}'],
  ['x-api-key: "hello-there"', 'x-api-key: "[key]"'],
  ['hf_aBcDeFgH12 and gsk_1234567 and AIzaSyA-1234567890_x', '[key] and [key] and [key]'],
  ['the token eyJhbGciOiJI.eyJzdWIi.c2ln has expired', 'the token [key] has expired'],
  ['a1b2c3d4e5f6a7b8c9d0e1f2 is unknown', '[key] is unknown'],
  ['my own word swordfish', 'my own word [key]'],
])('what looks like a key is taken out: %s', (text, shown) => {
  expect(redacted('swordfish', text)).toBe(shown);
});

test.each([
  'The model Qwen3-4B-Instruct-2507-Q4_K_M.gguf is not loaded',
  'Bearer authentication required',
  'max_tokens_limit_4096_exceeded: token_limit_reached',
  'request 123e4567-e89b-12d3-a456-426614174000 failed after 120000000000000000000000000 steps',
  'Your API key is not valid; sk-learn has none',
])('ordinary words stay: %s', (text) => {
  expect(redacted(null, text)).toBe(text);
});

test('a long text is told in one line of 300 characters', () => {
  expect(redacted(null, 'a\n\tb '.repeat(100_000))).toBe('a b '.repeat(75));
});

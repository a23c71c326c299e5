import { expect, test } from 'vitest';
import type { Check } from '../../contract/acceptance.ts';
import { sayCheck } from '../../contract/words.ts';
import { parseCheck, parseChecks, parseFileCheck } from './grammar.ts';

const read = (text: string): Check | string => {
  const found = parseCheck(text);
  return found.ok ? found.value : found.fault.message;
};

const written: readonly (readonly [string, Check])[] = [
  ['file out.txt', { type: 'file', path: 'out.txt' }],
  ['file my notes.txt matches ^# ', { type: 'file', path: 'my notes.txt', matches: '^# ' }],
  ['file "it matches it.txt" matches a', { type: 'file', path: 'it matches it.txt', matches: 'a' }],
  ['unchanged src', { type: 'unchanged', path: 'src' }],
  ['count out/*.md 3', { type: 'count', files: 'out/*.md', least: 3, most: 3 }],
  ['count out/*.md 3+', { type: 'count', files: 'out/*.md', least: 3 }],
  ['count out/*.md 1-5', { type: 'count', files: 'out/*.md', least: 1, most: 5 }],
  ['each out/*.md matches ^#', { type: 'each', files: 'out/*.md', matches: '^#' }],
  ['each out/*.md 2+ matches ^#', { type: 'each', files: 'out/*.md', matches: '^#', least: 2 }],
  ['schema a.json {"type":"object"}', { type: 'schema', path: 'a.json', schema: { type: 'object' } }],
  ['run npm test -- "a b"', { type: 'command', command: 'npm test -- "a b"' }],
  ['run cd out ⏎ ls', { type: 'command', command: 'cd out\nls' }],
];

test.each(written)('"%s" is read, and said again in the same words', (text, check) => {
  expect([read(text), sayCheck(check)]).toEqual([check, text]);
});

test.each(['', 'file', 'count out/*.md', 'each out/*.md', 'schema a.json {"type":', 'looks nice', 'count out 99999999999999999999'])(
  '"%s" is refused with a sentence that shows how to write one',
  (text) => {
    expect(read(text)).toMatch(/is no check that could be read. Write it like "file out.txt"/);
  },
);

test('a pattern that is none is refused by its own reason, wherever it stands', () => {
  expect([read('file a matches ('), parseFileCheck('a:(')]).toMatchObject([
    expect.stringMatching(/^\/\(\/ is not a regular expression/),
    { ok: false, fault: { code: 'check.pattern', message: expect.stringMatching(/^\/\(\/ is not a regular expression/) } },
  ]);
});

test('a file and a pattern are told apart at the first colon', () => {
  expect([parseFileCheck('out.txt'), parseFileCheck('out.txt:^a:b$'), parseFileCheck(':x')]).toMatchObject([
    { ok: true, value: { type: 'file', path: 'out.txt' } },
    { ok: true, value: { type: 'file', path: 'out.txt', matches: '^a:b$' } },
    { ok: false, fault: { message: '":x" names no file. Write it like out.txt or out.txt:^ok.' } },
  ]);
});

test('of several, the first that can not be read is refused', () => {
  expect([parseChecks(['file a', 'run b']), parseChecks(['file a', 'nothing'])]).toMatchObject([
    { ok: true, value: [{ type: 'file' }, { type: 'command' }] },
    { ok: false, fault: { message: expect.stringContaining('"nothing"') } },
  ]);
});

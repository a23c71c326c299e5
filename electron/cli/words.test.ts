// The small rules of the command line: what is shown, what is understood.
import { expect, test } from 'vitest';
import { fill } from '../contract/tell.ts';
import { parseId } from './exit.ts';
import { parseAnswer } from './run/asking.ts';
import { exact, visible } from './terminal.ts';
import { localeOf, textsFor } from './texts/texts.ts';

test('an answer can not steer the terminal: control characters are shown, not obeyed', () => {
  expect(visible('a\tb\n\u001b]52;c;ZXZpbA==\u0007\r\u0000\u009b1m')).toBe('a\tb\n␛]52;c;ZXZpbA==␇␍␀␡1m');
});

test('what is to be allowed shows characters that hide or reorder text, so that what is read is what runs', () => {
  expect(exact('rm \u202etxt.exe')).toBe('rm <U+202E>txt.exe');
  expect(exact('r\u200bm a\u00a0b\u001b[1m')).toBe('r<ZWSP>m a<NBSP>b␛[1m');
});

test('right-to-left text and emoji stay as they are in an answer', () => {
  const text = 'שלום \u200f👩‍👩‍👧 你好';
  expect(visible(text)).toBe(text);
});

test.each([
  ['y', 'once'],
  [' Yes ', 'once'],
  ['是', 'once'],
  ['c', 'conversation'],
  ['N', 'deny'],
  ['', undefined],
  ['maybe', undefined],
])('the answer "%s" means %s', (line, answer) => {
  expect(parseAnswer(line)).toBe(answer);
});

test('a number may carry its letter', () => {
  expect([parseId('12', 'r'), parseId('r12', 'r'), parseId('R12', 'r')]).toEqual([12, 12, 12]);
});

test.each(['0', '-1', 't12', '1.5', '12x', '', '99999999999999999'])('"%s" is not the number of a run', (text) => {
  expect(() => parseId(text, 'r')).toThrow(/is not a number such as r12/);
});

test.each([
  [{ LANG: 'zh_CN.UTF-8' }, 'zh-CN'],
  [{ LANG: 'en_GB.UTF-8', LC_ALL: 'zh_TW' }, 'zh-TW'],
  [{ LC_ALL: '', LANG: 'de_DE@euro' }, 'de-DE'],
  [{ LANG: 'C.UTF-8' }, 'en'],
  [{ LC_ALL: 'POSIX' }, 'en'],
])('the terminal with %o speaks %s', (env, tag) => {
  expect(localeOf(env)).toBe(tag);
});

test('both languages have the same places to fill in', () => {
  const places = (locale: string) => Object.entries(textsFor(locale)).map(([name, text]) => [name, (text.match(/\{\{\w+\}\}/g) ?? []).sort()]);
  expect(places('zh-CN')).toEqual(places('en'));
  expect(fill('{{a}} of {{b}}', { a: 1, b: 'x' })).toBe('1 of x');
});

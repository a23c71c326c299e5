import { expect, test } from 'vitest';
import { endsOf, outputBytes, readable, shorten } from './shorten.ts';

const short = (text: string, limit?: number): string => shorten(endsOf(Buffer.from(text), limit), 'whole output in /tmp/x');

test('what fits is given whole', () => {
  expect(short('one\ntwo')).toBe('one\ntwo');
});

test('what is too long keeps its head and tail, cut between lines, and says how much is missing and where it is', () => {
  const text = Array.from({ length: 20 }, (_, n) => `line ${n}\n`).join('');
  expect(short(text, 40)).toBe(
    `line 0\nline 1\nline 2\n[${text.length - 'line 0line 1line 2line 18line 19'.length - 5} bytes left out; whole output in /tmp/x]\nline 18\nline 19\n`,
  );
});

test('one endless line is cut between characters, never inside one', () => {
  for (const character of ['é', '海', '🐚']) {
    for (let limit = 20; limit < 40; limit += 1) expect(short(character.repeat(100), limit)).not.toContain('\ufffd');
  }
});

test('head and tail together stay within the limit', () => {
  const shown = short('x'.repeat(1_000_000)).replace(/\n?\[.*\]\n/, '');
  expect(shown.length).toBe(outputBytes);
});

test('terminal colours, titles, links and bells are removed', () => {
  expect(readable(Buffer.from('\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b]8;;http://x\u0007link\u001b]8;;\u0007 \u0007b\u0000\u007f'))).toBe(
    'red link b',
  );
});

test('of a line that is overwritten again and again only the last state is kept', () => {
  expect(readable(Buffer.from('10%\r50%\r100%\r\ndone\r\n'))).toBe('100%\ndone\n');
});

test('bytes that are not UTF-8 and halves of surrogate pairs become U+FFFD', () => {
  expect(readable(Buffer.from([0x61, 0xff, 0x62, 0xed, 0xa0, 0x80]))).toBe('a\ufffdb\ufffd\ufffd\ufffd');
});

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallPlace } from '../tool.ts';
import { createSearchFiles } from './search.ts';

let folder: string;
let place: CallPlace;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'nacre-search-')));
  place = { folder, scratch: folder, signal: new AbortController().signal };
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, content: string | Buffer): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
};
const limits = { timeMs: 10_000, hits: 100, fileBytes: 2_000_000 };
const search = async (query: string, changed: Partial<typeof limits> = {}): Promise<string[]> =>
  (await createSearchFiles({ ...limits, ...changed }).run({ query }, place)).output.split('\n');

test('finds literal text in names and lines, ignoring case, file by file in a fixed order', async () => {
  put('b/Shell.md', 'nothing\n  A shell, and SHELL\r\n');
  put('a.txt', 'Nacre is the inside of a sheLL');
  put('shells/c.txt', '');
  expect(await search('shell')).toEqual([
    'shells/',
    'a.txt:1: Nacre is the inside of a sheLL',
    'b/Shell.md',
    'b/Shell.md:2: A shell, and SHELL',
    '[3 files searched]',
  ]);
});

test('takes no character of the query as a pattern', async () => {
  put('a.txt', 'a+b (c) [d] .* \\n $1\nab');
  expect(await search('.* \\n')).toEqual(['a.txt:1: a+b (c) [d] .* \\n $1', '[1 file searched]']);
  expect(await search('a.b')).toEqual(['[Nothing found; 1 file searched]']);
  expect(await search('(((((((')).toEqual(['[Nothing found; 1 file searched]']);
});

test('finds text of every script', async () => {
  put('文.txt', 'ВОДА 海 🐚');
  expect(await search('вода 海 🐚')).toEqual(['文.txt:1: ВОДА 海 🐚', '[1 file searched]']);
});

test('says what it left out', async () => {
  put('.git/config', 'pearl');
  put('node_modules/x/pearl.js', 'pearl');
  put('data.bin', Buffer.from('pearl\0'));
  put('big.txt', 'pearl '.repeat(1000));
  put('a.txt', 'pearl');
  symlinkSync('a.txt', join(folder, 'link'));
  symlinkSync('/', join(folder, 'root'));
  expect(await search('pearl', { fileBytes: 5000 })).toEqual([
    'a.txt:1: pearl',
    '[1 file searched; left out: 2 .git or node_modules folders, 2 links, 1 big file, 1 binary file]',
  ]);
});

test('shows a piece of a very long line, around the first match', async () => {
  put('min.js', `${'a'.repeat(5000)}pearl${'b'.repeat(5000)}`);
  const [line = ''] = await search('pearl');
  expect([line.length < 200, line]).toEqual([true, expect.stringMatching(/^min.js:1: …a+pearlb+…$/)]);
});

test('ends after enough results and says so', async () => {
  put('a.txt', 'pearl\n'.repeat(50));
  put('b.txt', 'pearl\n'.repeat(50));
  const lines = await search('pearl', { hits: 60 });
  expect([lines.length, lines[59], lines[60]]).toEqual([61, 'b.txt:10: pearl', '[2 files searched; ended after 60 results; a longer query finds fewer]']);
});

test('ends when its time is over and says so', async () => {
  put('a.txt', 'pearl');
  expect(await search('pearl', { timeMs: 0 })).toEqual(['[Nothing found; 0 files searched; ended after 0 s, so there may be more]']);
});

test('stops midway when the run is stopped', async () => {
  for (let n = 0; n < 300; n += 1) put(`d${n}/a.txt`, 'x');
  const stop = new AbortController();
  const running = createSearchFiles().run({ query: 'pearl' }, { ...place, signal: stop.signal });
  setTimeout(() => stop.abort(), 2);
  await expect(running).rejects.toThrow('aborted');
});

test('refuses a query that can never be found', async () => {
  await expect(createSearchFiles().prepare({ query: ' ' }, place)).rejects.toThrow('The query is empty. Give the text to look for.');
  await expect(createSearchFiles().prepare({ query: 'a\nb' }, place)).rejects.toThrow('The query has more than one line. Give text from one line.');
  await expect(createSearchFiles().run({ query: 'a' }, { ...place, folder: null })).rejects.toThrow('No folder is chosen');
});

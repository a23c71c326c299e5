import { expect, test } from 'vitest';
import { misspelling, quoteName } from './spelling.ts';

test.each(['', '  ', 'a\0b', '~', '~/x', '~root/x', `${'a/'.repeat(2500)}`])('the path %j is refused everywhere', (path) => {
  expect([misspelling(path, 'linux')?.message, misspelling(path, 'win32')?.message]).toEqual([
    expect.stringContaining('Give'),
    expect.stringContaining('Give'),
  ]);
});

test.each(['C:\\x', 'c:/x', '\\\\server\\share\\x', '\\\\?\\C:\\x', '\\\\.\\pipe\\x', '\\??\\C:\\x'])(
  'the Windows path %j is refused on other systems',
  (path) => {
    expect([misspelling(path, 'linux')?.message, misspelling(path, 'darwin')?.message]).toEqual([
      expect.stringContaining('Windows'),
      expect.stringContaining('Windows'),
    ]);
  },
);

test.each([
  '\\\\server\\share',
  '//server/share',
  '\\\\?\\C:\\x',
  '\\\\.\\COM1',
  '\\??\\C:\\x',
  '/??/C:/x',
  'C:x',
  'C:',
  'a.txt:stream',
  'dir:x/a',
  'NUL',
  'con.txt',
  'a/Aux',
  'COM1 ',
  'lpt9.log',
  'com¹',
  'a.',
  'a /b',
  'a. .',
])('on Windows the path %j is refused', (path) => {
  expect(misspelling(path, 'win32')?.message).toMatch(/Give/);
});

test.each(['a.txt', './a', '../a', '.', '..', 'a b/c', '.gitignore', '~$draft.docx', 'コード/文.md', 'a..b', 'console.log', 'common/x'])(
  'the path %j is fine everywhere',
  (path) => {
    expect([misspelling(path, 'linux'), misspelling(path, 'win32')]).toEqual([null, null]);
  },
);

test('on Windows a path with a drive letter is fine so far', () => {
  expect(misspelling('C:\\Users\\me\\a.txt', 'win32')).toBe(null);
});

test('names that could pretend to be something else are shown quoted', () => {
  expect([quoteName('a.txt'), quoteName('a\nb'), quoteName('\u202egnp.exe'), quoteName('文 件')]).toEqual(['a.txt', '"a\\nb"', '"\\u{202e}gnp.exe"', '文 件']);
});

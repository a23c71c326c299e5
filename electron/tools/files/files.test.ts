import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallPlace } from '../tool.ts';
import { listFiles } from './list.ts';
import { readFile } from './read.ts';
import { writeFile } from './write.ts';

let folder: string;
let place: CallPlace;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'nacre-files-')));
  place = { folder, scratch: join(folder, 'scratch'), signal: new AbortController().signal };
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, content: string | Buffer): void => writeFileSync(join(folder, name), content);
const read = async (path: string, from?: number): Promise<string> => (await readFile.run({ path, from }, place)).output;
const lines = (count: number, from = 1): string => Array.from({ length: count }, (_, n) => `this is line ${n + from}\n`).join('');

describe('read_file', () => {
  test('gives a short file whole, byte for byte, carriage returns and byte order mark included', async () => {
    const text = '\ufeffein\r\nGrüße 海 🐚 \u001b[1m\r\nno end';
    put('a.txt', text);
    expect(await readFile.run({ path: 'a.txt' }, place)).toEqual({ ok: true, output: text });
  });

  test('says that a file is empty', async () => {
    put('a.txt', '');
    expect(await read('a.txt')).toBe('[The file is empty.]');
  });

  test('gives the head and tail of a long file and tells how to read on, and reading on leaves nothing out', async () => {
    put('a.txt', lines(5000));
    const first = await read('a.txt');
    const next = Number(/from=(\d+)\]/.exec(first)?.[1]);
    expect(first.startsWith(lines(next - 1))).toBe(true);
    expect(first).toMatch(/\n\[\d+ bytes left out; read on with from=\d+\]\nthis is line/);
    expect(first.endsWith('this is line 5000\n')).toBe(true);
    const whole = [lines(next - 1)];
    for (let from: number | undefined = next; from !== undefined; ) {
      const part: string = await read('a.txt', from);
      from = /\[more follows; read on with from=(\d+)\]$/.exec(part)?.slice(1).map(Number)[0];
      whole.push(part.replace(/\[more follows.*\]$/, ''));
    }
    expect(whole.join('')).toBe(lines(5000));
  });

  test('reads from a line far into a big file', async () => {
    put('a.txt', lines(200_000));
    expect(await read('a.txt', 199_999)).toBe(lines(2, 199_999));
  });

  test('from a line after the end says how many lines there are', async () => {
    put('a.txt', 'one\ntwo\n');
    await expect(read('a.txt', 3)).rejects.toThrow('a.txt has only 2 lines, so nothing can be read from line 3.');
    put('a.txt', 'one\ntwo\nthree');
    await expect(read('a.txt', 4)).rejects.toThrow('has only 3 lines');
    expect(await read('a.txt', 3)).toBe('three');
  });

  test('cuts an endless line between characters and says so', async () => {
    put('a.txt', `${'海'.repeat(20_000)}\nlast`);
    expect(await read('a.txt')).toMatch(/^海+\n\[\d+ bytes left out; the first line is too long to be shown; use run_command to cut it\]\n海*\n?.*last$/);
    put('a.txt', `one\n${'海'.repeat(20_000)}\nlast`);
    expect(await read('a.txt', 2)).toMatch(/^海+\n\[line 2 is too long to be shown whole; read on with from=3\]$/);
  });

  test('refuses binary files and UTF-16 in words', async () => {
    put('a.bin', Buffer.from([1, 2, 0, 3]));
    put('b.txt', Buffer.from('\ufeffhello', 'utf16le'));
    await expect(read('a.bin')).rejects.toThrow('a.bin is a binary file, not text. Use run_command with a program that understands it.');
    await expect(read('b.txt')).rejects.toThrow('b.txt is UTF-16 text, not UTF-8.');
  });

  test('shows what is not UTF-8 as U+FFFD', async () => {
    put('a.txt', Buffer.from('na\xefve', 'latin1'));
    expect(await read('a.txt')).toBe('na\ufffdve');
  });

  test('is prepared only for a file that is there', async () => {
    await expect(readFile.prepare({ path: 'a.txt' }, place)).rejects.toThrow('There is no file a.txt. Use list_files to see what there is.');
    await expect(readFile.prepare({ path: '../a.txt' }, place)).rejects.toThrow('outside the chosen folder');
    put('a.txt', 'x');
    expect(await readFile.prepare({ path: './a.txt' }, place)).toEqual({ title: 'a.txt', payload: '', before: null, scope: join(folder, 'a.txt') });
  });

  test('stops looking for a line when the run is stopped', async () => {
    put('a.txt', lines(1000));
    await expect(readFile.run({ path: 'a.txt', from: 900 }, { ...place, signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});

describe('list_files', () => {
  const list = async (path: string): Promise<string> => (await listFiles.run({ path }, place)).output;

  test('shows everything, sorted, with sizes, hidden files, links and strange names', async () => {
    put('b.txt', '12345');
    put('.hidden', '');
    put('two\nlines', 'x');
    mkdirSync(join(folder, 'a'));
    symlinkSync('/etc', join(folder, 'c'));
    expect((await list('.')).split('\n')).toEqual(['.hidden 0', 'a/', 'b.txt 5', 'c -> /etc', '"two\\nlines" 1']);
  });

  test('counts what it does not show', async () => {
    for (let n = 0; n < 205; n += 1) put(`f${String(n).padStart(3, '0')}`, '');
    const shown = (await list('.')).split('\n');
    expect([shown.length, shown[199], shown[200]]).toEqual([201, 'f199 0', '[5 more are not shown; use search_files or run_command to find them.]']);
  });

  test('says that a folder is empty, missing, or a file', async () => {
    expect(await list('.')).toBe('[The folder is empty.]');
    put('a.txt', '');
    await expect(listFiles.prepare({ path: 'sub' }, place)).rejects.toThrow('There is no folder sub. Use list_files on the folder above it.');
    await expect(listFiles.prepare({ path: 'a.txt' }, place)).rejects.toThrow('a.txt is a file, not a folder. Use read_file to read it.');
    await expect(listFiles.prepare({ path: '..' }, place)).rejects.toThrow('outside the chosen folder');
  });
});

describe('write_file', () => {
  const write = async (path: string, content: string): Promise<string> => (await writeFile.run({ path, content }, place)).output;
  const stands = (name: string): string => readFileSync(join(folder, name), 'utf8');

  test('makes the folders that are missing and leaves nothing else behind', async () => {
    expect(await write('new/deep/a.txt', 'Grüße')).toBe('Wrote 7 bytes to new/deep/a.txt (new file).');
    expect([stands('new/deep/a.txt'), readdirSync(join(folder, 'new/deep'))]).toEqual(['Grüße', ['a.txt']]);
  });

  test('replaces a file and keeps its mode', async () => {
    put('run.sh', 'old');
    chmodSync(join(folder, 'run.sh'), 0o750);
    expect(await write('run.sh', 'new')).toBe('Wrote 3 bytes to run.sh (replaced).');
    expect([stands('run.sh'), statSync(join(folder, 'run.sh')).mode & 0o777]).toEqual(['new', 0o750]);
  });

  test('writes to where a link inside the folder leads, and keeps the link', async () => {
    put('real.txt', 'old');
    symlinkSync('real.txt', join(folder, 'link.txt'));
    await write('link.txt', 'new');
    expect([stands('real.txt'), readdirSync(folder)]).toEqual(['new', ['link.txt', 'real.txt']]);
  });

  test('asks with the exact bytes, what stands there now, and the whole folder as scope', async () => {
    put('a.txt', 'before');
    const shown = await writeFile.prepare({ path: './a.txt', content: 'half \ud83d' }, place);
    const subject = { text: join(folder, 'a.txt'), folder: folder };
    expect(shown).toEqual({ title: 'a.txt', payload: 'half \ufffd', before: 'before', scope: folder, subject });
    await write('a.txt', 'half \ud83d');
    expect(stands('a.txt')).toBe(shown.payload);
    expect((await writeFile.prepare({ path: 'c.txt', content: '' }, place)).before).toBe(null);
    expect(existsSync(join(folder, 'c.txt'))).toBe(false);
  });

  test.each([
    ['is not text', Buffer.from([0, 1]), '[A file of 2 bytes stands here now; it is not text.', '[这里现有一个 2 字节的文件，不是文本。'],
    ['is in another encoding', Buffer.from('na\xefve', 'latin1'), '[A file of 5 bytes stands here now; it is not text.', '不是文本。'],
    ['is too long', 'x'.repeat(1_000_001), '[A file of 1000001 bytes stands here now; it is too long to be shown.', '太长，无法显示。'],
  ])('says in both languages that a file that %s would be replaced, and notices when it changes', async (_, content, english, chinese) => {
    put('b.bin', content);
    const before = async () => (await writeFile.prepare({ path: 'b.bin', content: '' }, place)).before;
    const first = await before();
    expect([first?.startsWith(english), first?.includes(chinese), await before()]).toEqual([true, true, first]);
    utimesSync(join(folder, 'b.bin'), 1, 1);
    expect(await before()).not.toBe(first);
  });

  test('can be told after a crash to have happened, not to have happened, or neither', async () => {
    const args = { path: 'a.txt', content: 'after' };
    const probe = async (receipt: string): Promise<unknown> => writeFile.probe?.(args, receipt, place);
    const missing = (await writeFile.receipt?.(args, place)) ?? '';
    expect(await probe(missing)).toBe('did-not-happen');
    put('a.txt', 'before');
    expect(await probe(missing)).toBe('unknown');
    const receipt = (await writeFile.receipt?.(args, place)) ?? '';
    expect(await probe(receipt)).toBe('did-not-happen');
    await write('a.txt', 'after');
    expect(await probe(receipt)).toBe('happened');
    rmSync(join(folder, 'a.txt'));
    expect(await probe(receipt)).toBe('unknown');
    expect(await writeFile.probe?.(args, receipt, { ...place, folder: null })).toBe('unknown');
  });

  test.each(['..', '../a.txt', '/etc/x', '.', 'sub', 'sub/', 'new/', '.git/hooks/pre-commit', 'sub/.GIT/config', '.git', 'a.txt/b'])(
    'refuses %s and changes nothing',
    async (path) => {
      mkdirSync(join(folder, 'sub'));
      put('a.txt', 'old');
      await expect(writeFile.prepare({ path, content: 'x' }, place)).rejects.toMatchObject({ name: 'ToolRefusal' });
      await expect(write(path, 'x')).rejects.toMatchObject({ name: 'ToolRefusal' });
      expect([readdirSync(folder), readdirSync(join(folder, 'sub')), stands('a.txt')]).toEqual([['a.txt', 'sub'], [], 'old']);
    },
  );

  test('takes a name as long as names can be', async () => {
    const name = 'x'.repeat(255);
    put(name, 'old');
    await write(name, 'new');
    expect([readdirSync(folder), stands(name)]).toEqual([[name], 'new']);
  });

  test('leaves the old file as it was, and nothing beside it, where the disk does not take the new one', () => {
    put('a.txt', 'old');
    const script = `import { writeFile } from ${JSON.stringify(join(import.meta.dirname, 'write.ts'))};
      const place = { folder: process.cwd(), scratch: '/', signal: new AbortController().signal };
      await writeFile.run({ path: 'a.txt', content: 'x'.repeat(1_000_000) }, place).catch((reason) => console.log(reason.message));`;
    // A limit on the size of files stands in for a full disk.
    const said = execFileSync('/bin/sh', ['-c', 'ulimit -f 100; exec "$0" --input-type=module -e "$1"', process.execPath, script], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([said, readdirSync(folder), stands('a.txt')]).toEqual([
      'a.txt could not be written (EFBIG); what was there before is unchanged.\n',
      ['a.txt'],
      'old',
    ]);
  });

  test('does nothing once the run is stopped', async () => {
    await expect(writeFile.run({ path: 'a.txt', content: 'x' }, { ...place, signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(readdirSync(folder)).toEqual([]);
  });
});

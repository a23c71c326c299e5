import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CallPlace, ToolRefusal } from '../tool.ts';
import { checkUnmoved, chosenFolder, openInside, readFolder, resolveInside, resolveReadable } from './folder.ts';

let base: string;
let folder: string;
let place: CallPlace;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'nacre-folder-')));
  folder = join(base, 'chosen');
  for (const name of ['chosen/sub', 'chosen-too', 'scratch', 'outside']) mkdirSync(join(base, name), { recursive: true });
  for (const name of ['chosen/a.txt', 'chosen/sub/b.txt', 'chosen-too/c.txt', 'scratch/out.txt', 'outside/secret.txt']) writeFileSync(join(base, name), name);
  place = { folder, scratch: join(base, 'scratch'), signal: new AbortController().signal };
});
afterEach(() => rmSync(base, { recursive: true }));

const refusal = async (promise: Promise<unknown>): Promise<string> => {
  const reason = await promise.then(
    (value) => new Error(`not refused: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  expect(reason).toBeInstanceOf(ToolRefusal);
  return (reason as ToolRefusal).message;
};

describe('the chosen folder', () => {
  test('is asked for where none is chosen', async () => {
    expect(await refusal(chosenFolder({ ...place, folder: null }))).toBe('No folder is chosen for this conversation; ask the person to choose one.');
  });

  test.each(['gone', 'chosen/a.txt'])('is refused where it is no folder any more: %s', async (name) => {
    expect(await refusal(chosenFolder({ ...place, folder: join(base, name) }))).toMatch(/is not there any more; ask the person/);
  });

  test('may itself be reached through a link', async () => {
    symlinkSync(folder, join(base, 'link'));
    expect(await resolveInside(join(base, 'link', 'a.txt'), { ...place, folder: join(base, 'link') })).toEqual({
      root: folder,
      path: join(folder, 'a.txt'),
      shown: 'a.txt',
    });
  });

  test('may be the root of the disk', async () => {
    expect((await resolveInside('tmp/../bin', { ...place, folder: '/' })).root).toBe('/');
  });
});

describe('a path', () => {
  test.each([
    ['a.txt', 'a.txt'],
    ['./sub/../a.txt', 'a.txt'],
    ['sub//b.txt', 'sub/b.txt'],
    ['.', '.'],
    ['new/deep/file.txt', 'new/deep/file.txt'],
    ['sub/..', '.'],
    ['../chosen/a.txt', 'a.txt'],
    ['..a', '..a'],
  ])('%s is inside, as %s', async (asked, shown) => {
    expect((await resolveInside(asked, place)).shown).toBe(shown);
  });

  test('may be absolute inside the folder', async () => {
    expect((await resolveInside(join(folder, 'sub/b.txt'), place)).shown).toBe('sub/b.txt');
  });

  test.each([
    '..',
    '../outside/secret.txt',
    'sub/../../outside/secret.txt',
    '../chosen-too/c.txt',
    '/etc/passwd',
    '/',
    '/dev/null',
    '//server/share',
    '../../../../../../../../etc/passwd',
    'nothing/../../outside',
  ])('%s is outside', async (asked) => {
    expect(await refusal(resolveInside(asked, place))).toMatch(/is outside the chosen folder .* Give a path relative to that folder, or ask the person/);
  });

  test.each(['', 'a\0b', '~/x', '~', 'C:\\x', '\\\\server\\share', '\\??\\C:\\x'])('%j is refused as it is spelled', async (asked) => {
    expect(await refusal(resolveInside(asked, place))).toMatch(/Give/);
  });

  test('that leads out through a link is refused, also where its end does not exist yet', async () => {
    symlinkSync(join(base, 'outside'), join(folder, 'door'));
    symlinkSync('../../outside/secret.txt', join(folder, 'sub/link'));
    for (const asked of ['door', 'door/secret.txt', 'door/new/file.txt', 'sub/link'])
      expect(await refusal(resolveInside(asked, place))).toMatch(/leads through a link out of the chosen folder/);
  });

  test('through a link that stays inside is where the link leads', async () => {
    symlinkSync('sub', join(folder, 'alias'));
    expect((await resolveInside('alias/b.txt', place)).shown).toBe('sub/b.txt');
  });

  test('through a link that leads nowhere or in a circle is refused', async () => {
    symlinkSync(join(base, 'outside/not-yet'), join(folder, 'dangling'));
    symlinkSync('circle', join(folder, 'circle'));
    expect(await refusal(resolveInside('dangling', place))).toMatch(/a link to something that does not exist/);
    expect(await refusal(resolveInside('dangling/x', place))).toMatch(/a link to something that does not exist/);
    expect(await refusal(resolveInside('circle/x', place))).toMatch(/links that lead in a circle/);
  });

  test('that takes a file for a folder, or has an endless name, is refused', async () => {
    expect(await refusal(resolveInside('a.txt/x', place))).toMatch(/goes through a file/);
    expect(await refusal(resolveInside('x'.repeat(300), place))).toMatch(/too long for this disk/);
  });

  test('to what an earlier call wrote to the scratch folder can be read, also with no folder chosen, but not written', async () => {
    const output = join(base, 'scratch/out.txt');
    expect((await resolveReadable(output, { ...place, folder: null })).path).toBe(output);
    expect(await refusal(resolveInside(output, place))).toMatch(/outside the chosen folder/);
    expect(await refusal(resolveReadable(join(base, 'scratch/../outside/secret.txt'), place))).toMatch(/outside the chosen folder/);
    symlinkSync(join(base, 'outside/secret.txt'), join(base, 'scratch/link'));
    expect(await refusal(resolveReadable(join(base, 'scratch/link'), place))).toMatch(/leads through a link out/);
  });
});

describe('opening', () => {
  const openAt = async (asked: string): Promise<string> => {
    const { handle } = await openInside(await resolveInside(asked, place));
    return handle.readFile('utf8').finally(() => handle.close());
  };

  test('gives a regular file', async () => {
    expect(await openAt('a.txt')).toBe('chosen/a.txt');
  });

  test('refuses what is missing, folders, named pipes and sockets, without waiting for anybody', async () => {
    execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);
    const server = createServer().listen(join(folder, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await refusal(openAt('missing.txt'))).toMatch(/There is no file missing.txt. Use list_files/);
    expect(await refusal(openAt('sub'))).toMatch(/sub is a folder, not a file/);
    expect(await refusal(openAt('pipe'))).toMatch(/pipe is a named pipe, not a regular file/);
    expect(await refusal(openAt('socket'))).toMatch(/socket is a socket, not a regular file/);
    server.close();
  });

  test('refuses a device', async () => {
    const { handle } = await openInside(await resolveInside('tmp', { ...place, folder: '/' })).catch(() => ({ handle: null }));
    expect(handle).toBe(null);
    expect(await refusal(openInside(await resolveInside('dev/null', { ...place, folder: '/' })))).toMatch(/is a device, not a regular file/);
  });

  test('notices a link that replaces the file after its path was checked', async () => {
    const inside = await resolveInside('a.txt', place);
    rmSync(join(folder, 'a.txt'));
    symlinkSync(join(base, 'outside/secret.txt'), join(folder, 'a.txt'));
    expect(await refusal(openInside(inside))).toMatch(/is a link, not a regular file/);
  });

  test('notices a folder above that is replaced by a link after the path was checked', async () => {
    const inside = await resolveInside('sub/b.txt', place);
    writeFileSync(join(base, 'outside/b.txt'), 'secret');
    renameSync(join(folder, 'sub'), join(folder, 'moved'));
    symlinkSync(join(base, 'outside'), join(folder, 'sub'));
    expect(await refusal(openInside(inside))).toMatch(/was replaced while it was being opened/);
  });

  test('notices a link that replaces a folder before it is listed', async () => {
    const inside = await resolveInside('sub', place);
    renameSync(join(folder, 'sub'), join(folder, 'moved'));
    symlinkSync(join(base, 'outside'), join(folder, 'sub'));
    expect(await refusal(readFolder(inside))).toMatch(/was replaced while it was being listed/);
  });

  test('notices a file that was swapped for the opening and swapped back', async () => {
    const inside = await resolveInside('a.txt', place);
    const { handle, stats } = await openInside(inside);
    renameSync(join(folder, 'sub/b.txt'), join(folder, 'a.txt'));
    expect(await refusal(checkUnmoved(inside, stats))).toMatch(/was replaced/);
    await handle.close();
  });
});

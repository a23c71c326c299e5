import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openGround } from '../../../e2e/scaffold/house.ts';
import type { Check } from '../../contract/acceptance.ts';
import { tellFault } from '../../contract/tell.ts';
import { createRunCommand } from '../shell/command.ts';
import { usualLimits } from '../shell/run.ts';
import type { CallPlace } from '../tool.ts';
import { prepareChecks, runCheck } from './check.ts';

let base = '';
let place: CallPlace;
const shell = createRunCommand(openGround, { ...usualLimits, timeoutMs: 500, drainMs: 200, capBytes: 1_000_000 });

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'nacre-check-'));
  for (const folder of ['folder/out', 'scratch']) mkdirSync(join(base, folder), { recursive: true });
  place = { folder: join(base, 'folder'), scratch: join(base, 'scratch'), signal: new AbortController().signal };
  put('out/a.md', '# One\n');
  put('out/b.md', '# Two\n');
  put('list.json', '{"items":[1,2,3]}');
  writeFileSync(join(base, 'secret.md'), '# Secret\n');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const put = (path: string, text: string): void => writeFileSync(join(base, 'folder', path), text);
const found = async (check: Check) => {
  const { ok, detail, said } = await runCheck(check, { place, command: (command, at) => shell.run({ command }, at) });
  expect(detail.endsWith(said?.message ?? 'nothing')).toBe(true);
  expect(tellFault(said ?? null, 'zh')).toMatch(/\p{Script=Han}/u);
  return [ok, detail];
};

const items = { type: 'object', properties: { items: { type: 'array', items: { type: 'integer' }, minItems: 3 } }, required: ['items'] };

test.each<readonly [string, Check, boolean, string]>([
  ['a command that ends with code 0', { type: 'command', command: 'echo fine' }, true, 'fine'],
  ['a command that fails, with what it said', { type: 'command', command: 'echo broken; exit 3' }, false, 'broken'],
  ['a command that hangs', { type: 'command', command: 'sleep 60' }, false, '0.5 s'],
  ['a command that prints without end', { type: 'command', command: 'yes' }, false, '1000000 bytes'],
  ['a file that is there', { type: 'file', path: 'out/a.md' }, true, 'out/a.md is there.'],
  ['a folder that is there', { type: 'file', path: 'out' }, true, 'out is there.'],
  ['a file that is not there', { type: 'file', path: 'c.md' }, false, 'There is no file c.md'],
  ['a file outside the folder', { type: 'file', path: '../secret.md', matches: 'Secret' }, false, 'outside'],
  ['a line that matches', { type: 'file', path: 'out/a.md', matches: '^# One$' }, true, 'out/a.md matches /^# One$/.'],
  ['a line that does not', { type: 'file', path: 'out/a.md', matches: 'Two' }, false, 'out/a.md does not match /Two/.'],
  ['a pattern that is none', { type: 'file', path: 'out/a.md', matches: '(' }, false, 'is not a regular expression'],
  ['a file that fits a schema', { type: 'schema', path: 'list.json', schema: items }, true, 'list.json fits its schema.'],
  [
    'a file that does not',
    { type: 'schema', path: 'list.json', schema: { ...items, required: ['items', 'total'], properties: { ...items.properties, total: { type: 'number' } } } },
    false,
    'total',
  ],
  ['a file that is no JSON', { type: 'schema', path: 'out/a.md', schema: items }, false, 'is not valid JSON'],
  ['enough files', { type: 'count', files: 'out/*.md', least: 2 }, true, '2 files match out/*.md; at least 2 were expected.'],
  ['too many files', { type: 'count', files: 'out/*.md', most: 1 }, false, '2 files match out/*.md; 0 to 1 were expected.'],
  ['each file matching', { type: 'each', files: 'out/*.md', matches: '^# ' }, true, 'All 2 files that match out/*.md match /^# /.'],
  ['one file that does not', { type: 'each', files: 'out/*.md', matches: 'One' }, false, '1 of 2 files do not match /One/: out/b.md'],
  ['each of no files', { type: 'each', files: 'no/*.md', matches: 'x' }, false, '0 files match no/*.md; at least 1 were expected.'],
])('%s', async (_title, check, ok, detail) => {
  expect(await found(check)).toEqual([ok, expect.stringContaining(detail)]);
});

test('a pattern that would take for ever is given up', async () => {
  put('long.txt', `${'a'.repeat(40)}!`);
  expect(await found({ type: 'file', path: 'long.txt', matches: '^(a+)+$' })).toEqual([false, expect.stringContaining('took longer than 1 s')]);
});

test('a link that leads out of the folder counts for nothing', async () => {
  symlinkSync(join(base, 'secret.md'), join(base, 'folder', 'out', 'c.md'));
  expect(await found({ type: 'count', files: 'out/*.md', least: 3 })).toEqual([false, '2 files match out/*.md; at least 3 were expected.']);
});

test('what must be unchanged is compared with how it was when the task was added', async () => {
  const [check = { type: 'count', files: 'no' }] = await prepareChecks([{ type: 'unchanged', path: 'out' }], place.folder);
  expect(await found(check)).toEqual([true, 'out is as it was since the task was added.']);
  appendFileSync(join(base, 'folder', 'out', 'b.md'), 'more');
  expect(await found(check)).toEqual([false, 'out has changed since the task was added.']);
});

test('what is not there can not be kept unchanged', async () => {
  await expect(prepareChecks([{ type: 'unchanged', path: 'gone' }], place.folder)).rejects.toThrow('There is no file gone');
});

test('a check that leads out of the folder is refused when it is written', async () => {
  await expect(prepareChecks([{ type: 'file', path: '../out.txt' }], place.folder)).rejects.toThrow('../out.txt');
});

test('where the run is stopped a check gives no evidence', async () => {
  const stopped = AbortSignal.abort();
  await expect(
    runCheck({ type: 'count', files: '*' }, { place: { ...place, signal: stopped }, command: (command, at) => shell.run({ command }, at) }),
  ).rejects.toThrow();
});

test('a check in a folder that is gone has not passed', async () => {
  rmSync(place.folder ?? '', { recursive: true });
  expect(await found({ type: 'command', command: 'true' })).toEqual([false, expect.stringContaining('is not there any more')]);
});

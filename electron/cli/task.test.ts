// `nacre task add` at its door: what a shell is told of a task that can't be meant so.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nacre-cli-task-'));
  folder = join(root, 'folder');
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function nacre(...args: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const env = { ...process.env, LC_ALL: 'en_GB.UTF-8' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, '..', 'cli.ts'), '--data', join(root, 'data'), ...args], { env });
  return { code: status, out: stdout.toString(), err: stderr.toString() };
}

test('a task that can not be meant so is refused at the door: a policy for times that never come, no goal, a check that leads out', { timeout: 60_000 }, () => {
  const refused = [
    nacre('task', 'add', 'look', '--missed', 'skip'),
    nacre('task', 'add', ' '),
    nacre('task', 'add', 'look', '--folder', folder, '--check-file', '../../etc/passwd'),
  ];
  expect(refused.map(({ code, err }) => [code, err.trim()])).toEqual([
    [64, 'There is no due time to miss: --missed is only of use with --at, --every or --cron.'],
    [64, 'The message is empty. Write something first.'],
    [64, expect.stringContaining('../../etc/passwd is outside the chosen folder')],
  ]);
  nacre('task', 'add', 'long '.repeat(2000), '--missed', 'once', '--every', '1d');
  expect(nacre('task', 'list').out.length).toBeLessThan(300);
});

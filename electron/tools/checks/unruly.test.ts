import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CommandLimits, createRunCommand } from '../shell/command.ts';
import type { CallPlace } from '../tool.ts';
import { runCheck } from './check.ts';

let place: CallPlace;
beforeEach(() => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'nacre-check-')));
  for (const name of ['folder', 'scratch']) mkdirSync(join(base, name));
  place = { folder: join(base, 'folder'), scratch: join(base, 'scratch'), signal: new AbortController().signal };
});
afterEach(() => rmSync(join(place.scratch, '..'), { recursive: true }));

const found = async (command: string, limits: Partial<CommandLimits> = {}): Promise<{ readonly ok: boolean; readonly detail: string }> => {
  const tool = createRunCommand({ timeoutMs: 60_000, drainMs: 500, capBytes: 64_000_000, ...limits });
  const { ok, detail } = await runCheck({ type: 'command', command }, { place, command: (text, at) => tool.run({ command: text }, at) });
  return { ok, detail };
};

test('a check command that hangs has not passed, and its evidence says so', async () => {
  expect(await found('echo begun; sleep 999', { timeoutMs: 500 })).toEqual({
    ok: false,
    detail: 'begun\n[ended after 0.5 s, which is the limit; it may have done part of its work]',
  });
});

test('a check command that prints 100 MB is ended; its evidence is short and says so', { timeout: 60_000 }, async () => {
  const { ok, detail } = await found('head -c 100000000 /dev/zero | tr "\\0" x');
  expect([ok, detail.length < 2_100, detail.slice(-91)]).toEqual([false, true, expect.stringContaining('wrote more than 64000000 bytes')]);
});

test('a check in a folder that is gone has not passed', async () => {
  rmSync(place.folder ?? '', { recursive: true });
  expect((await found('true')).detail).toContain('is not there any more');
});

import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createSandbox } from '../../electron/tools/sandbox/sandbox.ts';
import { type CommandLimits, newMarker, runCommand, usualLimits } from '../../electron/tools/shell/run.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'nacre-limits-')));
const [folder, scratch, data] = [join(base, 'folder'), join(base, 'scratch'), join(base, 'data')];
for (const made of [folder, scratch, data]) mkdirSync(made);
const sandbox = createSandbox({ data });
const works = (await sandbox.trouble()) === null;
afterAll(() => rmSync(base, { recursive: true }));

const end = (command: string, changed: Partial<CommandLimits>) =>
  runCommand({ command, folder, scratch, signal: new AbortController().signal, marker: newMarker() }, sandbox, { ...usualLimits, ...changed });
const output = async (command: string, changed: Partial<CommandLimits> = {}): Promise<string> => {
  const { ends } = await end(command, changed);
  return Buffer.concat([ends.head, ends.tail]).toString();
};
const perl = (script: string): string => `perl -e '${script}'`;

describe.skipIf(!works)('more than is allowed', () => {
  test.each([
    [
      'a file that grows without end',
      'yes | head -c 50000000 > big; wc -c < big',
      { fileBytes: 1_000_000 },
      /^(File size limit exceeded\n)?(1000448|1000000|999936)\n/,
    ],
    ['100 GB of memory', perl('my $x = "x" x 100_000_000_000; print "had it"'), {}, /Out of memory|panic: memory/i],
    ['work without end', perl('1 while 1'), { cpuSeconds: 1 }, /Killed/],
  ])('%s is stopped by the system', async (_, command, changed, said) => {
    expect(await output(command, { timeoutMs: 15_000, ...changed })).toMatch(said);
  });

  test('a fork bomb stops at the number of processes, and none is left', { timeout: 60_000 }, async () => {
    const { halt } = await end('b() { b | b & }; b; sleep 20', { processes: 60, timeoutMs: 3000 });
    expect(['greedy', 'timeout']).toContain(halt.type);
    expect(await output('ls -d /proc/[0-9]* | wc -l')).toMatch(/^\d\n|^1\d\n/);
  });

  test.each([
    ['memory by many processes', `for n in 1 2 3 4 5 6; do ${perl('my $x = "x" x 60_000_000; sleep 20')} & done; wait`],
    ['files in shared memory', 'head -c 300000000 /dev/zero > /dev/shm/big; sleep 20'],
    ['files in the temporary folder', 'head -c 300000000 /dev/zero > /tmp/big; sleep 20'],
  ])('%s are counted together', { timeout: 30_000 }, async (_, command) => {
    const { halt } = await end(command, { memoryBytes: 200_000_000, timeoutMs: 15_000 });
    expect(halt).toMatchObject({ type: 'greedy', reason: expect.stringMatching(/ MB of memory; 200 MB are allowed/) });
  });
});

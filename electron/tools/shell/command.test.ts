import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fault } from '../../contract/fault.ts';
import { readFile } from '../files/read.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import type { Sandbox } from '../sandbox/seam.ts';
import type { CallPlace, ToolResult } from '../tool.ts';
import { createRunCommand } from './command.ts';
import { killLeftovers, killTree } from './process-tree.ts';
import { snapshot } from './processes.ts';
import { type CommandLimits, usualLimits } from './run.ts';

let base: string;
let folder: string;
let place: CallPlace;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'nacre-shell-')));
  folder = join(base, 'chosen');
  for (const name of ['chosen', 'scratch']) mkdirSync(join(base, name));
  place = { folder, scratch: join(base, 'scratch'), signal: new AbortController().signal };
});
afterEach(() => rmSync(base, { recursive: true }));
afterAll(() => rmSync(ours, { recursive: true }));

const none: Sandbox = {
  lacks: () => [],
  trouble: async () => fault('sandbox.unsupported', { system: 'a test' }),
  wrap: () => Promise.reject(new Error('nothing is to be contained here')),
};
const ours = mkdtempSync(join(tmpdir(), 'nacre-shell-data-'));
const real = createSandbox({ data: ours });
const works = (await real.trouble()) === null;
let sandbox = none;
const limits: CommandLimits = { ...usualLimits, timeoutMs: 15_000, drainMs: 1000, capBytes: 1_000_000 };
const run = async (command: string, changed: Partial<CommandLimits> = {}, where = place): Promise<ToolResult> => {
  const tool = createRunCommand(sandbox, { ...limits, ...changed });
  const args = { command };
  await tool.prepare(args, where);
  return tool.run(args, where);
};
const output = async (command: string): Promise<string> => (await run(command)).output;
/** How many processes run that were started with this text in their command line. A bare Linux has no `ps`. */
const running = (text: string): number => commandLines().filter((line) => line.includes(text)).length;
const commandLines = (): readonly string[] => {
  if (process.platform === 'linux') return snapshot().processes.map(({ pid }) => commandLine(pid));
  const table = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return table.filter((line) => !/^\s*\d+\s+Z/.test(line));
};
const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch (ended) {
    return String(ended);
  }
};
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(10);
};
/** A number of seconds to sleep that no other process on this computer sleeps. */
const unique = (): string => `9${String(process.pid)}.${Math.floor(Math.random() * 1e9)}`;

describe.each([
  ['outside of the sandbox', none],
  ['inside the sandbox', real],
])('%s', (where, ground) => {
  beforeEach((context) => {
    context.skip(ground === real && !works, 'there is no working sandbox here');
    sandbox = ground;
  });

  describe('run_command', () => {
    test('runs in the chosen folder, without a terminal and without input, and tells the exit code', async () => {
      expect(await run('pwd; cat; tty; exit 3')).toMatchObject({ ok: false, output: `${folder}\nnot a tty\n[exit code 3]` });
      expect(await run('true')).toMatchObject({ ok: true, output: '[exit code 0; no output]' });
    });

    test('gives both outputs in the order in which they were written, also through /dev/stderr', async () => {
      expect(await output('echo 1; echo 2 >&2; echo 3 >/dev/stderr; echo 4 >/dev/stdout; printf 5')).toBe('1\n2\n3\n4\n5\n[exit code 0]');
    });

    test('runs exactly the bytes that were shown', async () => {
      const command = `printf '%s' 'a"b $x \\ \`no\` 海'\n# "comment' \nexit 0`;
      const shown = await createRunCommand(sandbox).prepare({ command }, place);
      expect([shown.payload, shown.title]).toEqual([command, `printf '%s' 'a"b $x \\ \`no\` 海' ⏎ # "comment' ⏎ exit 0`]);
      expect(await output(command)).toBe('a"b $x \\ `no` 海\n[exit code 0]');
    });

    test('has a title in which nothing can hide', () => {
      const { title } = createRunCommand(sandbox);
      expect([title({ command: 'ls \u202e\t# \u200b\n\nrm x' }), title({ command: 'x'.repeat(300) })]).toEqual([
        'ls \\u{202e}\\u{9}# \\u{200b} ⏎ rm x',
        `${'x'.repeat(200)}…`,
      ]);
    });

    test('is granted for one command in one folder', async () => {
      const scope = async (command: string): Promise<string> => (await createRunCommand(sandbox).prepare({ command }, place)).scope;
      expect([await scope('ls'), await scope('ls ')]).toEqual([JSON.stringify([folder, 'ls']), JSON.stringify([folder, 'ls '])]);
    });

    test('passes on no keys of ours', async () => {
      process.env['NACRE_TEST_API_KEY'] = 'secret';
      const names = (await output('env')).split('\n').map((line) => line.split('=')[0]);
      delete process.env['NACRE_TEST_API_KEY'];
      expect(names).toEqual(expect.arrayContaining(['PATH', 'HOME', 'NACRE_CALL', 'TERM']));
      expect(names.filter((name) => /KEY|TOKEN|SECRET|SSH|npm_|NODE|VITEST/.test(name ?? ''))).toEqual([]);
    });

    test('names the signal that ended a command', async () => {
      expect(await output('kill -SEGV $$')).toMatch(/\[exit code 139, ended by SIGSEGV/);
      expect(await output('kill -9 0')).toMatch(/^\[exit code (none|137), ended by SIGKILL/);
    });

    test('shows head and tail of a long output and keeps all of it in a file that read_file can open', async () => {
      const result = await run('seq 1 20000');
      expect(result.output).toMatch(/^1\n2\n[\s\S]*\n\[\d+ bytes left out; whole output in .*\]\n\d+\n[\s\S]*\n20000\n\[exit code 0\]$/);
      expect(result.output.length).toBeLessThan(16_400);
      const whole = readFileSync(result.file ?? '', 'utf8');
      expect(whole).toBe(`${Array.from({ length: 20_000 }, (_, n) => n + 1).join('\n')}\n`);
      expect((await readFile.run({ path: result.file ?? '', from: 19_999 }, place)).output).toBe('19999\n20000\n');
    });

    test('leaves no file behind for a short output', async () => {
      await run('echo hello');
      expect(readdirSync(place.scratch)).toEqual([]);
    });

    test('ends a command that floods, keeps what fits, and says so', async () => {
      const result = await run('yes flood');
      expect(result).toMatchObject({
        ok: false,
        output: expect.stringContaining('[ended because it wrote more than 1000000 bytes; it may have done part of its work]'),
      });
      expect(statSync(result.file ?? '').size).toBe(1_000_000);
    });

    test('ends a command whose output can not be kept', async () => {
      rmSync(place.scratch, { recursive: true });
      expect((await run('yes')).output).toMatch(/\[ended because its output could not be kept \(ENOENT.*\); it may have done part of its work\]$/);
    });

    test('shows colours as plain text, half characters as U+FFFD, and only the last state of a progress bar', async () => {
      expect(await output(`printf '\\033[1mbold\\033[0m \\377 1%%\\r100%%\\n'`)).toBe('100%\n[exit code 0]');
      expect(await output(`printf '\\033[1mbold\\033[0m \\377\\n'`)).toBe('bold \ufffd\n[exit code 0]');
    });

    test('ends after its time with everything it started', async () => {
      const seconds = unique();
      const result = await run(`echo begun; sleep ${seconds} & sleep ${seconds}`, { timeoutMs: 1000 });
      expect([result, running(seconds)]).toMatchObject([
        { ok: false, output: 'begun\n[ended after 1 s, which is the limit; it may have done part of its work]' },
        0,
      ]);
    });

    test('does not wait for what a command leaves in the background, and ends it', async () => {
      const seconds = unique();
      const said = '[exit code 0; what it left running in the background was ended]';
      expect(await output(`sleep ${seconds} & echo holds the pipe`)).toBe(`holds the pipe\n${said}`);
      expect(await output(`sleep ${seconds} >/dev/null 2>&1 & echo lets it go`)).toBe(`lets it go\n${said}`);
      expect(await output(`(setsid sh -c 'setsid sleep ${seconds} & exit' &) ; echo left twice`)).toBe(`left twice\n${said}`);
      expect(running(seconds)).toBe(0);
    });

    test('gives what comes late from the background while it waits for it', async () => {
      expect((await run('(sleep 0.2; echo late) & echo early', { drainMs: 10_000 })).output).toBe('early\nlate\n[exit code 0]');
    });

    test.each(['', ' \n', 'a\0b', 'x'.repeat(100_001)])('refuses a command that can not be run', async (command) => {
      await expect(createRunCommand(sandbox).prepare({ command }, place)).rejects.toMatchObject({ name: 'ToolRefusal' });
      await expect(run(command)).rejects.toMatchObject({ name: 'ToolRefusal' });
    });

    test('takes a command as long as one can be', async () => {
      expect(await output(`: ${'x'.repeat(99_990)}`)).toBe('[exit code 0; no output]');
    });

    test('refuses to run without a folder or in one that is gone', async () => {
      await expect(run('ls', {}, { ...place, folder: null })).rejects.toThrow('No folder is chosen for this conversation; ask the person to choose one.');
      await expect(run('ls', {}, { ...place, folder: join(base, 'gone') })).rejects.toThrow('is not there any more');
      symlinkSync(folder, join(base, 'link'));
      expect((await run('pwd', {}, { ...place, folder: join(base, 'link') })).output).toBe(`${folder}\n[exit code 0]`);
    });
  });

  describe('stopping', () => {
    test('ends twenty busy children that ignore SIGTERM, and one that left its family, within a second', async () => {
      const seconds = unique();
      const stop = new AbortController();
      const busy = `trap '' TERM INT HUP; : ${seconds}; while :; do :; done`;
      writeFileSync(join(folder, 'busy.sh'), busy);
      const command = `for n in $(seq 20); do sh busy.sh ${seconds} & done; (setsid sh -c 'setsid sleep ${seconds} & exit' &); touch ready; wait`;
      const going = run(command, {}, { ...place, signal: stop.signal });
      await until(() => existsSync(join(folder, 'ready')) && running(`sleep ${seconds}`) > 0 && running(`busy.sh ${seconds}`) >= 20);
      stop.abort();
      const result = await going;
      expect([result, running(seconds)]).toMatchObject([
        { ok: false, output: '[ended because the run was stopped; it may have done part of its work; no output]' },
        0,
      ]);
    });

    test('ends processes that keep having children faster than they can be counted', async () => {
      const seconds = unique();
      const stop = new AbortController();
      writeFileSync(join(folder, 'breed.sh'), `trap '' TERM\nwhile :; do sh -c 'setsid sleep ${seconds} & exit' & sleep 0.01; done`);
      const going = run('for n in 1 2 3 4; do sh breed.sh & done; wait', {}, { ...place, signal: stop.signal });
      await until(() => running(seconds) > 10);
      stop.abort();
      await going;
      expect([running(seconds), running('breed.sh')]).toEqual([0, 0]);
    });

    test('before the start starts nothing', async () => {
      await expect(run('touch here', {}, { ...place, signal: AbortSignal.abort() })).rejects.toThrow('aborted');
      expect(readdirSync(folder)).toEqual([]);
    });

    test('keeps what was written until then', async () => {
      const stop = new AbortController();
      const going = run('echo one; touch ready; sleep 100', {}, { ...place, signal: stop.signal });
      await until(() => existsSync(join(folder, 'ready')));
      stop.abort();
      expect((await going).output).toBe('one\n[ended because the run was stopped; it may have done part of its work]');
    });
  });

  describe('after a crash', () => {
    test('what still runs of a command is found by its receipt and ended, and nothing else', async () => {
      const seconds = unique();
      const tool = createRunCommand(sandbox);
      const args = { command: `(setsid sleep ${seconds} &) ; sleep ${seconds}` };
      const receipt = (await tool.receipt?.(args, place)) ?? '';
      const script = `import { createRunCommand } from ${JSON.stringify(join(import.meta.dirname, 'command.ts'))};
      import { createSandbox } from ${JSON.stringify(join(import.meta.dirname, '../sandbox/sandbox.ts'))};
      const none = { trouble: async () => ({ code: '', message: '' }) };
      const tool = createRunCommand(${where.startsWith('inside') ? `createSandbox({ data: ${JSON.stringify(ours)} })` : 'none'});
      const place = { folder: process.cwd(), scratch: ${JSON.stringify(place.scratch)}, signal: new AbortController().signal };
      const args = ${JSON.stringify(args)};
      await tool.prepare(args, place);
      await tool.run(args, place, ${JSON.stringify(receipt)});`;
      const nacre = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, stdio: 'ignore' });
      const bystander = spawn('sleep', [seconds]);
      await until(() => running(`sleep ${seconds}`) >= 3);
      nacre.kill('SIGKILL');
      await new Promise((resolve) => nacre.once('exit', resolve));
      expect(await tool.probe?.(args, receipt, place)).toBe('unknown');
      expect(running(seconds)).toBe(1);
      bystander.kill('SIGKILL');
    });

    describe('a command that had ended', () => {
      const settled = async (command: string, scratch = place.scratch): Promise<unknown> => {
        const tool = createRunCommand(sandbox, limits);
        const args = { command };
        const receipt = (await tool.receipt?.(args, place)) ?? '';
        await tool.prepare(args, place);
        const { output } = await tool.run(args, { ...place, scratch }, receipt);
        return [output, await tool.probe?.({ command }, receipt, { ...place, scratch })];
      };
      const known = (code: number) => ({ ok: code === 0, output: `[exit code ${code}; Nacre was interrupted right after it, and its output is lost]` });

      test.each<[string, string, number]>([
        [`printf '%s' 'a"b $x \\ \`no\` 海'; exit 0`, 'a"b $x \\ `no` 海\n[exit code 0]', 0],
        [`echo "it's $((1 + 1))"; exit 7`, "it's 2\n[exit code 7]", 7],
        ['false', '[exit code 1; no output]', 1],
        ["# it's a comment", '[exit code 0; no output]', 0],
        ['echo 1; echo 2 >&2; cat <<X\n$HOME\nX', `1\n2\n${process.env['HOME']}\n[exit code 0]`, 0],
      ])('is known by its receipt, and ran as it would have without: %s', async (command, output, code) => {
        expect(await settled(command)).toEqual([output, known(code)]);
      });

      test('in a folder with a quote in its name is known, too', async () => {
        const scratch = join(base, "it's $here");
        mkdirSync(scratch);
        expect(await settled('true', scratch)).toEqual(['[exit code 0; no output]', known(0)]);
      });

      test('is not known by the receipt of another', async () => {
        await settled('true');
        expect(await createRunCommand(sandbox).probe?.({ command: 'true' }, 'another', place)).toBe('unknown');
      });

      test('is not known where it is too long for a receipt, but it runs', async () => {
        expect(await settled(`: ${"'x'".repeat(30_000)}`)).toEqual(['[exit code 0; no output]', 'unknown']);
      });
    });

    test('each call has a receipt of its own', async () => {
      const tool = createRunCommand(sandbox);
      expect(await tool.receipt?.({ command: 'ls' }, place)).not.toBe(await tool.receipt?.({ command: 'ls' }, place));
    });

    test('a receipt that nothing carries ends nothing', async () => {
      expect([await killLeftovers('0123456789abcdef'), await killLeftovers('')]).toEqual([0, 0]);
    });
  });
});

test('the process table shows a process with spaces and brackets in its name, its parent and its group', async () => {
  const program = join(folder, 'a) b (c');
  symlinkSync('/bin/sleep', program);
  const child = spawn(program, ['100'], { detached: true, env: { NACRE_CALL: 'here' } });
  await new Promise((resolve) => child.once('spawn', resolve));
  const { processes, carries } = snapshot();
  const pid = child.pid ?? 0;
  expect([processes.find((line) => line.pid === pid), carries(pid, 'NACRE_CALL=here'), carries(pid, 'NACRE_CALL=there')]).toEqual([
    { pid, parent: process.pid, group: pid },
    true,
    false,
  ]);
  expect(await killTree(pid, 'nobody')).toBe(1);
});

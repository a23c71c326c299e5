import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newMarker, runCommand } from '../shell/run.ts';
import { conflictWith } from './places.ts';
import { createSandbox } from './sandbox.ts';
import type { Sandbox } from './seam.ts';

let base: string;
let sandbox: Sandbox;
const path = process.env['PATH'] ?? '';
const tried = mkdtempSync(join(tmpdir(), 'nacre-sandbox-'));
const works = (await createSandbox({ data: tried }).trouble()) === null;
rmSync(tried, { recursive: true });

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'nacre-sandbox-')));
  for (const name of ['folder', 'scratch', 'data', 'home', 'programs']) mkdirSync(join(base, name));
  sandbox = createSandbox({ data: join(base, 'data'), home: join(base, 'home') });
});
afterEach(() => rmSync(base, { recursive: true }));

const end = (command: string) =>
  runCommand({ command, folder: join(base, 'folder'), scratch: join(base, 'scratch'), signal: new AbortController().signal, marker: newMarker() }, sandbox);
const output = async (...order: Parameters<typeof end>): Promise<string> => {
  const { ends } = await end(...order);
  return Buffer.concat([ends.head, ends.tail]).toString();
};

describe('where nothing can be contained', () => {
  test('the programs that are missing are named with the one command that installs them', async () => {
    writeFileSync(join(base, 'programs/dnf'), '');
    writeFileSync(join(base, 'programs/rg'), '');
    for (const name of ['dnf', 'rg']) chmodSync(join(base, 'programs', name), 0o755);
    const found = createSandbox({ data: join(base, 'data'), platform: 'linux', path: join(base, 'programs') });
    expect(await found.trouble()).toMatchObject({
      code: 'sandbox.missing',
      values: { programs: 'bubblewrap, socat', command: 'sudo dnf install -y bubblewrap socat' },
    });
  });

  test('Windows says so', async () => {
    expect(await createSandbox({ data: join(base, 'data'), platform: 'win32' }).trouble()).toMatchObject({ code: 'sandbox.unsupported' });
  });

  test.skipIf(!works)('a bubblewrap that holds nothing back is found out, and looked at again', async () => {
    const liar = join(base, 'programs/bwrap');
    writeFileSync(liar, '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n');
    chmodSync(liar, 0o755);
    const lied = createSandbox({ data: join(base, 'data'), path: `${join(base, 'programs')}:${path}` });
    expect(await lied.trouble()).toMatchObject({ code: 'sandbox.broken' });
    rmSync(liar);
    expect(await lied.trouble()).toBe(null);
  });

  test('nothing is run instead where a command can not be wrapped', async () => {
    sandbox = createSandbox({ data: join(base, 'data'), path: '/nowhere' });
    await expect(end('touch ran')).rejects.toThrow('ripgrep is missing');
    expect(readdirSync(join(base, 'folder'))).toEqual([]);
  });

  test('a folder that holds or lies in secret places is none to contain commands in', () => {
    const own = { home: '/home/p', data: '/home/p/.local/share/nacre', temporary: '/tmp', path: '' };
    const place = (folder: string): string | null => conflictWith(own, folder);
    expect(['/', '/home', '/home/p', '/home/p/.ssh', '/home/p/.local/share/nacre/runs', '/home/p/.config/x'].map(place)).toEqual([
      '/home/p',
      '/home/p',
      '/home/p',
      '/home/p/.ssh',
      '/home/p/.local/share/nacre',
      '/home/p/.config',
    ]);
    expect(['/home/p/work', '/home/people', '/srv/x', '/tmp', '/home/p/a/.b'].map(place)).toEqual([null, null, null, null, null]);
  });
});

describe.skipIf(!works)('inside', () => {
  test('a command works in its folder and keeps temporary files in its scratch folder', async () => {
    expect(await output('echo made > file; cat file; echo $TMPDIR; mktemp > name; touch ~/lost /tmp/lost; ls ~')).toBe(
      `made\n${join(base, 'scratch')}\nlost\n`,
    );
    expect([readFileSync(join(base, 'folder/name'), 'utf8').startsWith(join(base, 'scratch')), existsSync(join(base, 'home/lost'))]).toEqual([true, false]);
  });

  test('programs in the home folder and the name for git are there, and nothing else of it', async () => {
    for (const name of ['.cargo/bin/tool', '.gitconfig', '.cargo/credentials.toml', 'notes.txt']) {
      mkdirSync(join(base, 'home', name, '..'), { recursive: true });
      writeFileSync(join(base, 'home', name), name);
    }
    expect(await output(`cd ${join(base, 'home')}; find . -type f | sort`)).toBe('./.cargo/bin/tool\n./.gitconfig\n');
  });

  test('a sample of secrets can be read, and a secret that was made meanwhile can not the next time', async () => {
    writeFileSync(join(base, 'folder/.env.example'), 'sample');
    expect(await output('cat .env.example; echo new > .env; cat .env')).toBe('samplenew\n');
    expect(await output('cat .env')).toContain('Permission denied');
  });

  test('secrets are found in a folder of many files', async () => {
    for (let n = 0; n < 600; n++) writeFileSync(join(base, 'folder', `file-${n}`), '');
    mkdirSync(join(base, 'folder/a/b'), { recursive: true });
    for (const name of ['.ENV.local', 'server.P12', 'id_rsa', '.env.example', 'env']) writeFileSync(join(base, 'folder/a/b', name), name);
    expect(await output('cd a/b; for f in .ENV.local server.P12 id_rsa .env.example env; do cat $f 2>/dev/null || echo hidden; done')).toBe(
      'hidden\nhidden\nhidden\n.env.exampleenv',
    );
  });

  test('a program that a command puts before bubblewrap is not run by us', async () => {
    const trap = join(base, 'folder/bwrap');
    writeFileSync(trap, `#!/bin/sh\ntouch ${join(base, 'trapped')}\n`);
    chmodSync(trap, 0o755);
    sandbox = createSandbox({ data: join(base, 'data'), path: `${join(base, 'folder')}:.:${path}` });
    expect([await output('echo still'), existsSync(join(base, 'trapped'))]).toEqual(['still\n', false]);
  });

  test('nothing is left in the folder, even where we stand in it ourselves', async () => {
    const here = process.cwd();
    process.chdir(join(base, 'folder'));
    const listed = await output('ls -A').finally(() => process.chdir(here));
    expect([listed, readdirSync(join(base, 'folder'))]).toEqual(['', []]);
  });

  test('git works, though its hooks and settings can not be changed', async () => {
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-C', join(base, 'folder'), ...args], { encoding: 'utf8', env: { PATH: path, HOME: base } });
    git('init', '-q');
    rmSync(join(base, 'folder/.git/hooks'), { recursive: true });
    const identity = '-c user.name=a -c user.email=a@b -c safe.directory=*';
    expect(
      await output(`echo x > x; git ${identity} add x && git ${identity} commit -qm one && git -c safe.directory=* log --format=%s; git config a.b c`),
    ).toMatch(/^one\n(error|fatal): could not lock config file|^one\nerror: could not write/);
    expect(git('status', '--short')).toBe('');
  });

  test('two commands in two folders at a time do not mix', async () => {
    mkdirSync(join(base, 'other'));
    const other = { command: 'pwd; ls ..', folder: join(base, 'other'), scratch: join(base, 'scratch'), signal: new AbortController().signal };
    const both = await Promise.all([output('pwd; ls ..'), runCommand({ ...other, marker: newMarker() }, sandbox)]);
    expect([both[0], Buffer.concat([both[1].ends.head, both[1].ends.tail]).toString()]).toEqual([
      `${join(base, 'folder')}\nfolder\nscratch\n`,
      `${join(base, 'other')}\nother\nscratch\n`,
    ]);
  });

  test('a command has no way out, not even to a proxy', async () => {
    writeFileSync(join(base, 'folder/attempt.pl'), readFileSync(join(import.meta.dirname, '../../../e2e/escape/attempt.pl')));
    expect(await output(`perl ${join(base, 'folder/attempt.pl')} proxy example.com:443`)).toBe('no proxy\n');
  });

  test('a scratch folder behind a link is the real one', async () => {
    symlinkSync(join(base, 'scratch'), join(base, 'way'));
    const order = {
      command: 'echo x > $TMPDIR/x',
      folder: join(base, 'folder'),
      scratch: realpathSync(join(base, 'way')),
      signal: new AbortController().signal,
    };
    await runCommand({ ...order, marker: newMarker() }, sandbox);
    expect(readdirSync(join(base, 'scratch'))).toEqual(['x']);
  });
});

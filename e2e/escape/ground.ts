// A ground to escape from: a home with secrets, listeners that count who reaches them, a process to hurt, and a folder to break out of.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createSandbox } from '../../electron/tools/sandbox/sandbox.ts';
import type { Sandbox } from '../../electron/tools/sandbox/seam.ts';

export const canary = 'CANARY-4711';

export type Ground = {
  readonly base: string;
  readonly home: string;
  readonly data: string;
  readonly folder: string;
  readonly scratch: string;
  /** Beside all of them, for writing. */
  readonly outside: string;
  /** The name of every file that only an attempt can have made. */
  readonly stray: string;
  readonly tcp: number;
  readonly udp: number;
  readonly abstract: string;
  readonly victim: ChildProcess;
  readonly sandbox: Sandbox;
  /** How often anybody reached a listener. */
  hits(): number;
  /** What of the home, our data, the outside and the folder's git is not as it was made. */
  changes(): readonly string[];
  close(): Promise<void>;
};

/** Every place holds the canary. */
export const secretsAtHome: readonly string[] = [
  '.ssh/id_ed25519',
  '.gnupg/private-keys-v1.d/key',
  '.aws/credentials',
  '.azure/token.json',
  '.config/gcloud/credentials.db',
  '.config/gh/hosts.yml',
  '.config/google-chrome/Default/Login Data',
  '.config/nacre/settings.json',
  '.mozilla/firefox/p/logins.json',
  '.local/share/keyrings/login.keyring',
  '.local/share/nacre/nacre.db',
  '.password-store/bank.gpg',
  '.kube/config',
  '.docker/config.json',
  '.cargo/credentials.toml',
  '.npmrc',
  '.netrc',
  '.pgpass',
  '.git-credentials',
  '.bash_history',
  '.python_history',
  'Documents/tax.txt',
];
export const secretsInFolder: readonly string[] = [
  '.env',
  '.env.local',
  'sub/deep/.env',
  'deploy/id_rsa',
  'deploy/store.p12',
  'notes.kdbx',
  '.netrc',
  'closed/.env',
];
const kept: readonly string[] = ['.bashrc', '.profile', '.config/autostart/x.desktop', '.ssh/authorized_keys'];

export async function makeGround(under: string): Promise<Ground> {
  mkdirSync(under, { recursive: true });
  const base = realpathSync(execFileSync('mktemp', ['-d', join(under, 'escape-XXXXXX')], { encoding: 'utf8' }).trim());
  const [home, data, folder, scratch, outside] = ['home', 'data', 'work/folder', 'data/runs/1', 'outside'].map((name) => join(base, name)) as [
    string,
    string,
    string,
    string,
    string,
  ];
  for (const made of [home, folder, scratch, outside]) mkdirSync(made, { recursive: true });
  const files = [
    ...[...secretsAtHome, ...kept].map((name) => join(home, name)),
    ...secretsInFolder.map((name) => join(folder, name)),
    ...['nacre.db', 'keys.json', 'runs/2/command.txt'].map((name) => join(data, name)),
  ];
  for (const file of files) put(file, `${canary} ${file}`);
  put(join(outside, 'file'), 'as it was');
  chmodSync(join(folder, 'closed'), 0);
  makeRepository(folder);
  makeRepository(join(folder, 'vendor/nested'));
  put(join(folder, '.vscode/tasks.json'), '{}');
  symlinkSync(join(outside, 'file'), join(folder, 'link'));
  copyFileSync(join(import.meta.dirname, 'attempt.pl'), join(folder, 'attempt.pl'));
  spawnSync('perl', [join(folder, 'attempt.pl'), 'addkey', 'nacre-escape', canary, '-5']);
  const watched = [
    join(outside, 'file'),
    ...files.filter((file) => !file.startsWith(folder)),
    ...['.git/config', '.git/hooks/pre-commit', 'vendor/nested/.git/config', '.vscode/tasks.json'].map((name) => join(folder, name)),
  ];
  const before = new Map(watched.map((file) => [file, readFileSync(file, 'utf8')]));
  const stray = `escapee-${basename(base)}`;
  const reachable = [home, data, outside, dirname(folder), tmpdir(), '/dev/shm', '/var/tmp', '/usr/local/bin', '/usr/bin', '/etc/cron.d', '/var/spool/cron'];
  const strays = (): readonly string[] => reachable.map((place) => join(place, stray)).filter((path) => existsSync(path));
  const listeners = await listen(base);
  const victim = spawn('sleep', ['1000'], { stdio: 'ignore', env: { SECRET_OF_ANOTHER: canary } });
  return {
    ...{ base, home, data, folder, scratch, outside, stray, victim, ...listeners },
    sandbox: createSandbox({ data, home }),
    changes: () => [...watched.filter((file) => !existsSync(file) || readFileSync(file, 'utf8') !== before.get(file)), ...strays()],
    close: async () => {
      for (const path of strays()) rmSync(path, { recursive: true, force: true });
      victim.kill('SIGKILL');
      await listeners.close();
      if (existsSync(join(folder, 'closed'))) chmodSync(join(folder, 'closed'), 0o700);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function makeRepository(folder: string): void {
  for (const [name, text] of Object.entries({ HEAD: 'ref: refs/heads/main\n', config: '[core]\n', 'hooks/pre-commit': '#!/bin/sh\n' }))
    put(join(folder, '.git', name), text);
  for (const name of ['objects', 'refs']) mkdirSync(join(folder, '.git', name));
}

async function listen(base: string) {
  let count = 0;
  const abstract = `nacre-escape-${process.pid}-${Date.now()}`;
  const hit = (): void => void count++;
  const open = (where: object): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((socket) => {
        hit();
        socket.destroy();
      });
      server.listen(where, () => resolve(server));
    });
  const servers = [await open({ port: 0, host: '0.0.0.0' }), await open({ path: join(base, 'outside.sock') }), await open({ path: `\0${abstract}` })];
  const address = servers[0]?.address();
  const tcp = typeof address === 'object' && address !== null ? address.port : 0;
  servers.push(await open({ port: tcp, host: '::1' }));
  const datagrams = createSocket('udp4').on('message', hit);
  await new Promise<void>((resolve) => datagrams.bind(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
    await new Promise<void>((resolve) => datagrams.close(resolve));
  };
  return { tcp, udp: datagrams.address().port, abstract, hits: () => count, close };
}

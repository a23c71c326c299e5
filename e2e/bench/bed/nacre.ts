// The built command line as the benchmarks use it: a fresh data folder on a real disk, a remote model on the scripted server, one command a process.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Plan, type ScriptedServer, startServer } from './server.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const program = join(root, 'out', 'cli', 'nacre.js');

export type Bed = {
  readonly server: ScriptedServer;
  readonly data: string;
  /** A folder for the assistant to work in. */
  readonly folder: string;
  /** The process, its stdout (JSON lines) being collected; rejects where it ends with another code than 0. */
  start(...args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<string> };
  close(): Promise<void>;
};

/** Makes a folder of its own below .cache, because /tmp may be memory and would flatter every disk write. */
export function makeFolder(name: string): string {
  const home = join(root, '.cache', 'bench');
  mkdirSync(home, { recursive: true });
  return mkdtempSync(join(home, `${name}-`));
}

/** Everything that a scripted run needs. The caller closes it, which removes its folders. */
export async function makeBed(plan: Plan): Promise<Bed> {
  if (!existsSync(program)) throw new Error('out/cli/nacre.js is missing; run: npm run build');
  const server = await startServer(plan);
  const home = makeFolder('bed');
  const data = join(home, 'data');
  const folder = join(home, 'work');
  mkdirSync(folder, { recursive: true });
  const start: Bed['start'] = (...args) => run([...args, '--data', data]);
  await start('model', 'add-remote', 'bench', '--base-url', server.url, '--model', 'm1', '--key-env', 'NACRE_BENCH_KEY').ended;
  return {
    server,
    data,
    folder,
    start,
    close: async () => {
      await server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function run(args: readonly string[]): ReturnType<Bed['start']> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, NACRE_BENCH_KEY: 'none', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`nacre ${args[0]} ended with ${code}: ${said.trim() || out.slice(-500)}`))));
  });
  return { child, ended };
}

/** Megabytes of memory of a process: now, and at most so far. Null where the system does not tell (only Linux does, in /proc). */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } | null {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return null;
  const status = readFileSync(path, 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

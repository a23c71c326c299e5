#!/usr/bin/env node
// Entry of the command `nacre`: the same assistant without a window. An older Node hands over to the one that was installed with Nacre.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);
const needed = { major: 22, minor: 12 };

if (isNewEnough(process.versions.node)) {
  endWithParent();
  const { start } = await import('./cli/start.ts');
  await start(process.argv.slice(2));
} else {
  handOver();
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > needed.major || (major === needed.major && minor >= needed.minor);
}

function handOver(): void {
  const node = findNode(dirname(here));
  if (node === null) {
    process.stderr.write(
      `Nacre needs Node ${needed.major}.${needed.minor} or newer, and this is ${process.versions.node}: run npm install in its folder, which brings one along.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [here, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  // A terminal sends Ctrl-C to both of us; anyone else only to us.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`${node} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** The Node in the nearest node_modules, from here upwards. */
function findNode(folder: string): string | null {
  const node = join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(node)) return node;
  return dirname(folder) === folder ? null : findNode(dirname(folder));
}

/** The Node that handed over may be killed; without it nobody could stop us or read what we say. */
function endWithParent(): void {
  if (process.channel === undefined) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel.unref();
}

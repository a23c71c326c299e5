// sandbox-spawn-overhead: what the sandbox adds to a command, from the order to its end, by turns with the same command started bare.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createSandbox } from '../../electron/tools/sandbox/sandbox.ts';
import { newMarker, runCommand } from '../../electron/tools/shell/run.ts';
import { makeFolder } from './bed/nacre.ts';
import { type Bench, median, round } from './figure.ts';

const runs = 40;

export const sandboxSpawnOverhead: Bench = async () => {
  const home = makeFolder('sandbox');
  const [folder, scratch, data] = [join(home, 'folder'), join(home, 'scratch'), join(home, 'data')];
  for (const made of [folder, scratch, data]) mkdirSync(made);
  const sandbox = createSandbox({ data });
  const trouble = await sandbox.trouble();
  if (trouble !== null) throw new Error(trouble.message);
  const order = { command: 'true', folder, scratch, signal: new AbortController().signal };
  const samples = { contained: [] as number[], uncontained: [] as number[], bare: [] as number[] };
  try {
    await runCommand({ ...order, marker: newMarker() }, sandbox);
    for (let run = 0; run < runs; run++) {
      samples.contained.push(await time(() => runCommand({ ...order, marker: newMarker() }, sandbox)));
      samples.uncontained.push(await time(() => runCommand({ ...order, marker: newMarker() }, null)));
      samples.bare.push(await time(() => spawnBare(folder)));
    }
  } finally {
    rmSync(home, { recursive: true });
  }
  const [contained, uncontained, bare] = [median(samples.contained), median(samples.uncontained), median(samples.bare)];
  return [
    {
      name: 'sandbox-spawn-overhead',
      value: round(contained - bare, 1),
      unit: 'ms',
      goal: '25',
      bareMs: round(bare, 1),
      containedMs: round(contained, 1),
      uncontainedMs: round(uncontained, 1),
      least: round(Math.min(...samples.contained) - Math.min(...samples.bare), 1),
      asRoot: process.getuid?.() === 0,
    },
  ];
};

async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function spawnBare(cwd: string): Promise<void> {
  return new Promise((resolve) => spawn('/bin/sh', ['-c', 'true'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] }).once('close', () => resolve()));
}

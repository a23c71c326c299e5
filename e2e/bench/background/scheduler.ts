// scheduler-10k: what 10,000 scheduled tasks cost while nothing is due, beside what it costs to have none.
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../bed/nacre.ts';
import { type Bench, round } from '../figure.ts';

const tasks = 10_000;
/** Longer than the longest tick of the clock, so that at least one falls into it. Milliseconds. */
const watched = 35_000;

type Cost = { readonly cpuMs: number; readonly nextMs: number; readonly rss: number; readonly next: boolean };

/** The figure: milliseconds of CPU a minute, idle. Both processes are watched at the same time. */
export const scheduler10k: Bench = async () => {
  const [empty, full] = await Promise.all([cost(0), cost(tasks)]);
  if (!full.next) throw new Error('none of the tasks is due at any time');
  return [
    {
      name: 'scheduler-10k',
      value: round(full.cpuMs, 1),
      unit: 'ms of CPU a minute',
      withoutTasks: round(empty.cpuMs, 1),
      findNextMs: round(full.nextMs, 3),
      findNextWithoutTasksMs: round(empty.nextMs, 3),
      memoryAboveEmpty: round(full.rss - empty.rss, 1),
      memoryUnit: 'MB',
      tasks,
    },
  ];
};

async function sleeper(data: string, count: number, ms: number): Promise<Cost> {
  const args = ['--expose-gc', '--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'sleeper.ts'), data, String(count), String(ms)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Cost;
}

async function cost(count: number): Promise<Cost> {
  const data = makeFolder('sleeper');
  try {
    // Filled by a process of its own, so that adding them is no part of what it costs to have them.
    await sleeper(data, count, 0);
    return await sleeper(data, 0, watched);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

// Runs the task of task.ts, kills it at one point, starts it again, and says what was lost, repeated, or not known.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '../../electron/contract/entry.ts';

export type Verdict = {
  /** Effects that neither happened nor are reported as unknown. */
  readonly lost: number;
  /** Effects that happened more than once. */
  readonly repeated: number;
  readonly unknown: number;
  readonly killed: boolean;
  readonly state: string;
  readonly outcomes: number;
};

const program = join(import.meta.dirname, 'task.ts');

/** Every named point and how often an undisturbed task passes it. */
export async function points(steps: number): Promise<ReadonlyMap<string, number>> {
  const data = mkdtempSync(join(tmpdir(), 'nacre-crash-'));
  const file = join(data, 'passes.json');
  await run(data, steps, { NACRE_FAILPOINT_LOG: file });
  const passes = new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>));
  rmSync(data, { recursive: true, force: true });
  return passes;
}

/** Kills at the n-th pass of `name`, then lets a new process finish. */
export async function killAt(name: string, pass: number, steps: number): Promise<Verdict> {
  const data = mkdtempSync(join(tmpdir(), 'nacre-crash-'));
  const signal = await run(data, steps, { NACRE_FAILPOINT: `${name}:${pass}` });
  await run(data, steps, {});
  const verdict = judge(data, steps, signal === 'SIGKILL');
  rmSync(data, { recursive: true, force: true });
  return verdict;
}

function run(data: string, steps: number, env: Readonly<Record<string, string>>): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, data, String(steps)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (_code, signal) => resolve(signal));
  });
}

function judge(data: string, steps: number, killed: boolean): Verdict {
  const story = JSON.parse(readFileSync(join(data, 'story.json'), 'utf8')) as { state: string; runs: number; entries: Entry[] };
  const log = join(data, 'folder', 'log.txt');
  const appended = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  const unknown = new Set(unknownSteps(story.entries));
  let lost = 0;
  let repeated = 0;
  for (let step = 0; step < steps; step++) {
    if (step % 4 === 3) continue;
    const file = join(data, 'folder', `file-${step}.txt`);
    const times =
      step % 2 === 0 ? Number(existsSync(file) && readFileSync(file, 'utf8') === `content ${step}`) : appended.filter((line) => line === String(step)).length;
    if (times === 0 && !unknown.has(step)) lost += 1;
    if (times > 1) repeated += 1;
  }
  const outcomes = story.entries.filter(({ body }) => body.type === 'ended').length;
  return { lost, repeated, unknown: unknown.size, killed, state: `${story.runs} run ${story.state}`, outcomes };
}

/** The steps whose call ended without anyone knowing whether it happened. */
function unknownSteps(entries: readonly Entry[]): number[] {
  const replies = entries.flatMap(({ body }) => (body.type === 'reply' ? [body] : []));
  return entries.flatMap(({ body }) =>
    body.type === 'outcome' && body.status === 'unknown' ? [replies.findIndex(({ calls }) => calls.some(({ id }) => id === body.call))] : [],
  );
}

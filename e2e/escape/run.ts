// Makes attempts, one ground for each kind of harm, and tells which got out and how.
import { setTimeout as sleep } from 'node:timers/promises';
import { newMarker, runCommand, usualLimits } from '../../electron/tools/shell/run.ts';
import type { Attempt } from './attempts.ts';
import { canary, type Ground, makeGround } from './ground.ts';

export type Outcome = { readonly name: string /** How it got out; null where it did not. */; readonly escaped: string | null; readonly output: string };

/** Each on a ground of its own, below `under`. The environment of this process counts as secret, too. */
export async function make(attempts: readonly Attempt[], under: string, contained: boolean): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  process.env['NACRE_ESCAPE_TOKEN'] = canary;
  for (const attempt of attempts) {
    const ground = await makeGround(under);
    try {
      outcomes.push(await makeOne(attempt, ground, contained));
    } finally {
      await ground.close();
    }
  }
  delete process.env['NACRE_ESCAPE_TOKEN'];
  return outcomes;
}

async function makeOne(attempt: Attempt, ground: Ground, contained: boolean): Promise<Outcome> {
  const { folder, scratch } = ground;
  const order = { command: attempt.command(ground), folder, scratch, signal: new AbortController().signal, marker: newMarker() };
  const home = process.env['HOME'];
  process.env['HOME'] = ground.home;
  const end = await runCommand(order, contained ? ground.sandbox : null, { ...usualLimits, timeoutMs: 10_000, drainMs: 200 });
  process.env['HOME'] = home;
  const output = Buffer.concat([end.ends.head, end.ends.tail]).toString();
  await sleep(5);
  return { name: attempt.name, escaped: escapeOf(ground, output), output: `${output.slice(0, 300)}${JSON.stringify(end.halt)}` };
}

function escapeOf(ground: Ground, output: string): string | null {
  const changed = ground.changes();
  if (/^ESCAPED/m.test(output)) return 'it says so';
  if (output.includes(canary)) return 'it shows a secret';
  if (ground.hits() > 0) return 'a listener was reached';
  if (changed.length > 0) return `changed: ${changed.join(', ')}`;
  return ground.victim.exitCode !== null || ground.victim.signalCode !== null ? 'another process died' : null;
}

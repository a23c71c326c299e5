import { describe, expect, test } from 'vitest';
import { killAt, points, type Verdict } from './walk.ts';

const steps = 20;
const passes = await points(steps);
const isCommand = (step: number): boolean => step % 4 === 1;
const withIntent = Array.from({ length: steps }, (_, step) => step).filter((step) => step % 4 !== 3);

/** The step whose effect may or may not have happened when the process died there; null where that is not in doubt. */
function doubtful(name: string, pass: number): number | null {
  if (name === 'entry.intent.after') return withIntent[pass - 1] ?? null;
  return name === 'effect.before' || name === 'effect.after' || name === 'entry.outcome.before' ? pass - 1 : null;
}

function expected(name: string, pass: number): Verdict {
  const step = doubtful(name, pass);
  // A command that had ended left a receipt.
  const hasEnded = name === 'effect.after' || name === 'entry.outcome.before';
  return { lost: 0, repeated: 0, unknown: step !== null && isCommand(step) && !hasEnded ? 1 : 0, killed: true, state: '1 run done', outcomes: 1 };
}

test('the task passes a failpoint at every write of the journal and around every effect', () => {
  expect(Object.fromEntries(passes)).toMatchObject({
    'entry.reply.before': 21,
    'entry.intent.after': 15,
    'effect.before': 20,
    'effect.after': 20,
    'entry.outcome.after': 20,
    'run.end.after': 1,
  });
});

describe.each([...passes])('a process killed at %s', (name, count) => {
  test(`loses nothing, repeats nothing, and says what is not known, at each of ${count} passes`, { timeout: 120_000 }, async () => {
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    const verdicts: Verdict[] = [];
    // Two at a time: each kill is two processes, one after the other.
    for (let at = 0; at < numbers.length; at += 2) verdicts.push(...(await Promise.all(numbers.slice(at, at + 2).map((pass) => killAt(name, pass, steps)))));
    expect(verdicts).toEqual(numbers.map((pass) => expected(name, pass)));
  });
});

import { expect, test } from 'vitest';
import { bugs } from './bugs.ts';
import { checkHistories } from './histories.ts';

// A property that can't turn red proves nothing. Each of these is found within a few dozen histories; the same ones every time.
test.each(Object.entries(bugs))('the histories find a bug planted on purpose: %s', { timeout: 120_000 }, async (_name, bug) => {
  await expect(checkHistories({ numRuns: 600, seed: 1, endOnFailure: true }, { bug, size: 25 })).rejects.toThrow(/Property failed after \d+ tests/);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Budget, Spent } from '../../contract/budget.ts';
import { budgetWarning, shareOf } from './budget.ts';

const nothing: Spent = { tokens: 0, minutes: 0, steps: 0 };
const purse = (budget: Budget, spent: Partial<Spent> = {}) => ({ budget, spent: { ...nothing, ...spent } });

test.each<[string, Budget, Partial<Spent>, number, number | null | string]>([
  ['without a bound on tokens nothing is set aside', { steps: 3 }, { tokens: 9_999_999 }, 0, null],
  ['prompt and reply are set aside', { tokens: 10_000 }, {}, 0, 1_000 + 4_096],
  ['the reply is cut to what is left', { tokens: 10_000 }, { tokens: 8_000 }, 0, 2_000],
  ['a reply of 64 tokens is the shortest', { tokens: 10_000 }, { tokens: 8_936 }, 0, 1_064],
  ['with less the budget is spent', { tokens: 10_000 }, { tokens: 8_937 }, 0, 'run.budget-tokens'],
  ['or with nothing', { tokens: 10_000 }, { tokens: 20_000 }, 0, 'run.budget-tokens'],
  ['steps are whole', { steps: 3 }, { steps: 2 }, 0, null],
  ['and end', { steps: 3 }, { steps: 3 }, 0, 'run.budget-steps'],
  ['minutes end', { minutes: 5 }, { minutes: 5 }, 0, 'run.budget-minutes'],
  ['not sooner', { minutes: 5 }, { minutes: 4.999 }, 0, null],
  ['the scarcest counts', { tokens: 10_000, minutes: 5, steps: 9 }, { steps: 9 }, 0, 'run.budget-steps'],
  ['"go on" gives as much once more', { tokens: 10_000, steps: 3 }, { tokens: 10_000, steps: 3 }, 1, 5_096],
  ['and again', { steps: 3 }, { steps: 8 }, 2, null],
])('%s', (_title, budget, spent, extensions, expected) => {
  const share = shareOf(purse(budget, spent), extensions, 1_000, 4_096);
  expect(share.type === 'share' ? share.tokens : share.fault.code).toBe(expected);
});

test('a run without a budget has no bound', () => {
  expect([shareOf(null, 0, 1_000, 4_096), budgetWarning(null, 0)]).toEqual([{ type: 'share', tokens: null }, null]);
});

test.each<[Budget, Partial<Spent>, number, RegExp | null]>([
  [{ tokens: 10_000 }, { tokens: 7_999 }, 0, null],
  [{ tokens: 10_000 }, { tokens: 8_000 }, 0, /left: 2000 of 10000 tokens\./],
  [{ tokens: 10_000 }, { tokens: 17_000 }, 1, null],
  [{ tokens: 10_000 }, { tokens: 18_500 }, 1, /left: 1500 of 10000 tokens\./],
  [{ steps: 5 }, { steps: 3 }, 0, null],
  [{ steps: 5 }, { steps: 4 }, 0, /left: 1 of 5 steps\./],
  [{ steps: 5 }, { steps: 5 }, 0, null],
  [{ tokens: 1_000, minutes: 10 }, { tokens: 900, minutes: 9 }, 0, /left: 100 of 1000 tokens, 1 of 10 minutes\./],
])('at four fifths the model is told: %j with %j spent', (budget, spent, extensions, told) => {
  const said = budgetWarning(purse(budget, spent), extensions);
  if (told === null) expect(said).toBe(null);
  else expect(said).toMatch(told);
});

test('whatever is asked for, what is set aside is never more than what is left', () => {
  const amount = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), amount, amount, amount, fc.integer({ min: 0, max: 3 }), (tokens, spent, prompt, reply, extensions) => {
      const share = shareOf(purse({ tokens }, { tokens: spent }), extensions, prompt, reply);
      if (share.type === 'share') expect((share.tokens ?? 0) + spent).toBeLessThanOrEqual(tokens * (1 + extensions));
    }),
  );
});

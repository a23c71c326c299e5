// The plan as the model changes it: in few words, never losing a rule, and refused in a sentence where it can't be read.
import { expect, test } from 'vitest';
import type { Plan } from '../../contract/plan.ts';
import type { CallPlace } from '../../tools/tool.ts';
import { createToolbox } from '../../tools/toolbox.ts';
import { changePlan, stepLines } from './change.ts';
import { updatePlan } from './tool.ts';

const none: Plan = { steps: [], constraints: [], obligations: [], checks: [] };
const place: CallPlace = { folder: '/tmp', scratch: '/tmp', signal: new AbortController().signal };
const planned = changePlan(none, { steps: ['read', '[>] write', '3. [x] look'], rules: ['never delete'], owed: ['report to Ann'] });

test('steps are written with or without a mark, and changed by their number', () => {
  expect(stepLines(planned.steps)).toEqual(['1. [ ] read', '2. [>] write', '3. [x] look']);
  expect(stepLines(changePlan(planned, { steps: ['1 done', 'step 2 dropped'] }).steps)).toEqual(['1. [x] read', '2. [-] write', '3. [x] look']);
});

test('a plan written anew keeps the state of the steps that were there before', () => {
  expect(stepLines(changePlan(planned, { steps: ['look', 'write', 'send'] }).steps)).toEqual(['1. [x] look', '2. [>] write', '3. [ ] send']);
});

test('rules can be added and never taken back; what is owed is settled by its number', () => {
  const changed = changePlan(planned, { rules: ['ask first', 'never delete'], owed: ['1 done', 'call Bob'] });
  expect(changed).toMatchObject({
    constraints: ['never delete', 'ask first'],
    obligations: [
      { text: 'report to Ann', open: false },
      { text: 'call Bob', open: true },
    ],
  });
  for (const empty of [{ rules: [] }, { steps: ['x'] }, { owed: ['1 done'] }]) expect(changePlan(planned, empty).constraints).toEqual(['never delete']);
});

test.each([
  [{ steps: ['9 done'] }, 'There is no step 9 in the plan, which has 3.'],
  [{ owed: ['4 done'] }, 'Nothing with the number 4 is owed; there are 1.'],
  [{ steps: Array.from({ length: 41 }, (_, n) => `s${n}`) }, 'at most 40 steps and this one has 41'],
  [{ steps: [' '] }, 'Each item has 1 to 500 characters; one has 0.'],
  [{ owed: ['x'.repeat(501)] }, 'one has 501'],
])('a change that can not be made is refused: %#', (change, sentence) => {
  expect(() => changePlan(planned, change)).toThrow(sentence);
});

function tool(checks: { commands: boolean } | null, most = 100) {
  return updatePlan({ plan: () => planned, measure: async (plan) => ({ tokens: JSON.stringify(plan).length / 4, most }), checks, now: () => 1_000 });
}

test('the call records the plan, and a rest within its bounds', async () => {
  const result = await tool(null).run({ steps: ['1 done'], rest_minutes: 90 }, place);
  expect(result.also).toMatchObject([
    { type: 'planned', plan: { constraints: ['never delete'] } },
    { type: 'resting', until: 1_000 + 90 * 60_000, why: 'chosen' },
  ]);
  const toolbox = createToolbox([tool(null)]);
  const parse = (rest: number) => toolbox.parseCall({ id: 'c', tool: 'update_plan', arguments: JSON.stringify({ rest_minutes: rest }) });
  expect([0, 1, 1440, 1441].map((rest) => parse(rest).ok)).toEqual([false, true, true, false]);
});

test('checks are offered only where the person gave none, and a plan that is too long is refused', async () => {
  const schema = (checks: { commands: boolean } | null) => JSON.stringify(createToolbox([tool(checks)]).specs());
  expect([schema(null).includes('checks'), schema({ commands: false }).includes('run CMD'), schema({ commands: true }).includes('run CMD')]).toEqual([
    false,
    false,
    true,
  ]);
  await expect(tool({ commands: false }).run({ checks: ['file out.txt'] }, place)).resolves.toMatchObject({
    also: [{ plan: { checks: [{ type: 'file', path: 'out.txt' }] } }],
  });
  await expect(tool({ commands: true }).run({ checks: ['run npm test'] }, place)).resolves.toMatchObject({
    also: [{ plan: { checks: [{ type: 'command', command: 'npm test' }] } }],
  });
  await expect(tool({ commands: false }).run({ checks: ['run rm -rf /'] }, place)).rejects.toThrow('has not allowed commands');
  await expect(tool({ commands: true }).run({ checks: ['looks good'] }, place)).rejects.toThrow('no check that could be read');
  await expect(tool({ commands: false }).run({ checks: ['file out.txt'] }, { ...place, folder: null })).rejects.toThrow('none is chosen');
  await expect(tool(null, 10).run({ steps: ['another'] }, place)).rejects.toThrow('may take 10');
});

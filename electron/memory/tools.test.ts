import { afterEach, expect, test } from 'vitest';
import { clearShelves, type Shelf, shelf } from '../../e2e/scaffold/shelf.ts';
import type { CallPlace } from '../tools/tool.ts';
import { memoryTool } from './tools.ts';

afterEach(clearShelves);

const place: CallPlace = { folder: null, scratch: '/tmp', signal: new AbortController().signal };

/** Calls the tool in answer to a message. */
async function call(one: Shelf, message: string, args: object, where = place): Promise<{ output: string }> {
  const source = one.say(message);
  const tool = memoryTool({ memory: one.memory, now: one.now, source: () => source });
  await tool.prepare(args, where);
  return { output: (await tool.run(args, where)).output };
}

test('what is remembered is recalled with its date, under the message it came from', async () => {
  const one = shelf();
  await call(one, 'Remember that Joana is my sister', { remember: 'Joana is the sister of the person.', about: 'Joana' });
  expect((await call(one, 'Who is Joana?', { recall: 'Joana sister' })).output).toContain('2026-05-20\nperson: Joana is the sister of the person.');
  expect(
    one.memory
      .show(1, 'e1')
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(['fact', 'turn']);
});

test('"forget what I said about…" forgets what holds all of these words, but not the request, and says what', async () => {
  const one = shelf();
  one.say('My landlord Gruber raised the rent.');
  one.say('The rent of a boat is cheap.');
  const { output } = await call(one, 'Forget what I said about Gruber and the rent', { forget: 'landlord Gruber rent' });
  expect(output).toContain('My landlord Gruber raised the rent.');
  const left = (await one.memory.search({ query: 'rent', limit: 9 })).map(({ source }) => source[0]);
  expect(left.sort()).toEqual(['e2', 'e3']);
});

test('forgetting nothing is said, with what comes nearest', async () => {
  const one = shelf();
  one.say('The rent of a boat is cheap.');
  await expect(call(one, 'x', { forget: 'rent of the moon' })).rejects.toThrow(
    'Nothing remembered holds all of these words. Nearest:\n- 2026-05-20 person: The rent of a boat',
  );
});

test('a line for the profile shows the page; too much of it, two wishes at once, or none, are refused in words', async () => {
  const one = shelf();
  expect((await call(one, 'I am Ana', { profile: 'Name: Ana' })).output).toBe('The page about the person:\nName: Ana');
  await expect(call(one, 'x', { recall: 'a', forget: 'b' })).rejects.toThrow('Give exactly one of recall, remember, forget, profile.');
  await expect(call(one, 'x', {})).rejects.toThrow('Give exactly one');
  await expect(call(one, 'x', { remember: 'y'.repeat(601) })).rejects.toThrow('at most 600 characters; this has 601');
});

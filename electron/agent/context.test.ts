import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry, EntryBody } from '../contract/entry.ts';
import type { ModelMessage } from '../models/model.ts';
import { type Context, createContext } from './context.ts';

const count = async (texts: readonly string[]): Promise<number[]> => texts.map((text) => Math.ceil(text.length / 4));
const usage = { model: 'm', where: 'scripted', read: 1, reused: 0, written: 1, prefillMs: 0, decodeMs: 0 } as const;
const at = Date.UTC(2026, 10, 21, 12);

function filled(context: Context, bodies: readonly EntryBody[], from = 1): Context {
  bodies.forEach((body, index) => {
    const entry: Entry = { id: from + index, run: 1, at, body };
    context.add(entry, 'turn');
  });
  return context;
}
const message = (text: string, folder?: string): EntryBody => ({ type: 'message', text, ...(folder === undefined ? {} : { folder }) });
const reply = (seen: number, text: string, ...calls: string[]): EntryBody => ({
  type: 'reply',
  seen,
  text,
  calls: calls.map((id) => ({ id, tool: 'read_file', arguments: '{}' })),
  usage,
});
const outcome = (call: string, output: string): EntryBody => ({ type: 'outcome', call, status: 'done', output });

test('a message says when it was said and which folder was chosen', async () => {
  const { messages } = await filled(createContext(1000, count), [message('hi', '/work')]).view();
  expect(messages).toEqual([{ role: 'user', text: expect.stringMatching(/^hi\n\[2026-11-2\d \w{3} \d\d:\d\d, folder \/work\]$/) }]);
});

test('a message said while the model spoke stands behind that reply and its results', async () => {
  const context = filled(createContext(1000, count), [message('one'), message('two'), reply(1, 'x', 'a'), outcome('a', 'out')]);
  const { messages, seen } = await context.view();
  expect([messages.map(({ role, text }) => `${role} ${text.slice(0, 3)}`), seen]).toEqual([['user one', 'assistant x', 'tool out', 'user two'], 2]);
});

test('what was shown once stays byte for byte while the run grows', async () => {
  const context = filled(createContext(10_000, count), [message('go')]);
  let before: readonly ModelMessage[] = [];
  for (let step = 0; step < 40; step++) {
    const { messages } = await context.view();
    expect(messages.slice(0, before.length)).toEqual(before);
    before = messages;
    filled(context, [reply(1, `step ${step}`, `c${step}`), outcome(`c${step}`, 'x'.repeat(50))], 10 + step * 2);
  }
});

test('when full the oldest half goes at once, and what the run is about stays', async () => {
  const context = createContext(400, count);
  context.startRun();
  filled(context, [message('THE GOAL')]);
  const drops: number[] = [];
  let last = 0;
  for (let step = 0; step < 60; step++) {
    filled(context, [reply(1, `step ${step}`, `c${step}`), outcome(`c${step}`, 'x'.repeat(80))], 10 + step * 2);
    const { messages, tokens } = await context.view();
    expect(tokens).toBeLessThanOrEqual(400);
    expect(messages.some(({ text }) => text.startsWith('THE GOAL'))).toBe(true);
    if (messages.length < last) drops.push(step);
    last = messages.length;
  }
  expect(drops.length).toBeLessThan(12);
});

test('a run loaded anew shows the model what it was shown before', async () => {
  const bodies: EntryBody[] = [
    message('go'),
    ...Array.from({ length: 50 }, (_, step) => [reply(1, `s${step}`, `c${step}`), outcome(`c${step}`, 'y'.repeat(40 + step))]).flat(),
  ];
  const live = createContext(500, count);
  for (const [index, body] of bodies.entries()) {
    live.add({ id: index + 1, run: 1, at, body }, 'turn');
    if (body.type !== 'reply') await live.view();
  }
  expect(await filled(createContext(500, count), bodies).view()).toEqual(await live.view());
});

test('one result that alone is too long keeps its head and tail', async () => {
  const text = `HEAD${'x'.repeat(50_000)}TAIL`;
  const { messages, tokens } = await filled(createContext(600, count), [message('go'), reply(1, '', 'a'), outcome('a', text)]).view();
  expect(messages.at(-1)?.text).toMatch(/^HEADx+\n\[\d+ characters left out here\]\nx+TAIL$/);
  expect(tokens).toBeLessThanOrEqual(600);
});

test('every call has a result after its run was stopped', async () => {
  const { messages } = await filled(createContext(1000, count), [
    message('go'),
    reply(1, '', 'a', 'b'),
    outcome('a', 'x'),
    { type: 'ended', outcome: 'stopped', fault: null },
  ]).view();
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool']);
});

test('for any history the results of calls stay with their reply', async () => {
  const step = fc.record({ text: fc.string({ maxLength: 200 }), output: fc.string({ maxLength: 400 }), calls: fc.integer({ min: 0, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 200, max: 4000 }), async (steps, budget) => {
      const context = createContext(budget, count);
      filled(context, [
        message('go'),
        ...steps.flatMap(({ text, output, calls }, n) => [
          reply(1, text, ...Array.from({ length: calls }, (_, c) => `c${n}_${c}`)),
          ...Array.from({ length: calls }, (_, c) => outcome(`c${n}_${c}`, output)),
        ]),
      ]);
      const { messages } = await context.view();
      const asked = messages.flatMap((one) => (one.role === 'assistant' ? one.calls.map(({ id }) => id) : []));
      const given = messages.flatMap((one) => (one.role === 'tool' ? [one.call] : []));
      expect(given).toEqual(asked);
    }),
    { numRuns: 200 },
  );
});

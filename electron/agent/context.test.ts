import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry, EntryBody } from '../contract/entry.ts';
import type { ModelMessage } from '../models/model.ts';
import { type Context, createContext, type View } from './context.ts';

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

/** As the loop does it: what does not fit is compacted, recorded, and looked at again. */
async function present(context: Context, id: () => number): Promise<{ readonly view: View; readonly recorded: Entry[] }> {
  const recorded: Entry[] = [];
  let view = await context.view();
  while (view.room === 'full') {
    const body = await context.compact('');
    if (body === null) break;
    recorded.push({ id: id(), run: 1, at, body });
    context.add(recorded.at(-1) as Entry, 'turn');
    view = await context.view();
  }
  return { view, recorded };
}

test('when full the oldest part is compacted at once, and what the run is about stays, word for word', async () => {
  const context = createContext(400, count);
  filled(context, [message('THE GOAL')]);
  let [next, compactions] = [10, 0];
  for (let step = 0; step < 60; step++) {
    filled(context, [reply(1, `step ${step}`, `c${step}`), outcome(`c${step}`, 'x'.repeat(80))], next);
    next += 2;
    const { view, recorded } = await present(context, () => next++);
    compactions += recorded.length;
    expect(view.tokens).toBeLessThanOrEqual(400);
    expect(view.messages.some(({ text }) => text.startsWith('THE GOAL'))).toBe(true);
  }
  expect([compactions > 3, compactions < 20]).toEqual([true, true]);
});

test('a run loaded anew shows the model what it was shown before, compactions and changes of the plan included', async () => {
  const live = createContext(600, count);
  const recorded: Entry[] = [];
  const add = (body: EntryBody): void => {
    recorded.push({ id: recorded.length + 1, run: 1, at: at + recorded.length * 700_000, body });
    live.add(recorded.at(-1) as Entry, 'task');
  };
  add(message('go'));
  for (let step = 0; step < 80; step++) {
    const tool = step % 9 === 4 ? 'update_plan' : 'read_file';
    add({ type: 'reply', seen: 1, text: `s${step}`, calls: [{ id: `c${step}`, tool, arguments: '{"path":"a"}' }], usage });
    add(outcome(`c${step}`, 'y'.repeat(40 + step)));
    if (tool === 'update_plan')
      add({ type: 'planned', plan: { steps: [{ text: `step ${step}`, state: 'doing' }], constraints: ['never delete'], obligations: [], checks: [] } });
    for (let body = await full(live); body !== null; body = await full(live)) add(body);
    const again = createContext(600, count);
    for (const entry of recorded) again.add(entry, 'task');
    expect(await again.view()).toEqual(await live.view());
  }
});
const full = async (context: Context): Promise<EntryBody | null> => ((await context.view()).room === 'full' ? context.compact('') : null);

test('one result that alone is too long keeps its head and tail', async () => {
  const text = `HEAD${'x'.repeat(50_000)}TAIL`;
  const { messages, tokens } = await filled(createContext(600, count), [message('go'), reply(1, '', 'a'), outcome('a', text)]).view();
  expect(messages.at(-1)?.text).toMatch(/^HEADx+\n\[\d+ characters left out here\]\nx+TAIL$/);
  expect(tokens).toBeLessThanOrEqual(600);
});

test('a long argument is shortened inside its JSON', async () => {
  const call = { id: 'a', tool: 'write_file', arguments: JSON.stringify({ path: 'out.txt', content: 'y'.repeat(50_000) }) };
  const { messages } = await filled(createContext(600, count), [
    message('go'),
    { type: 'reply', seen: 1, text: '', calls: [call], usage },
    outcome('a', 'ok'),
  ]).view();
  const [, shown] = messages;
  expect(JSON.parse(shown?.role === 'assistant' ? (shown.calls[0]?.arguments ?? '') : '')).toMatchObject({
    path: 'out.txt',
    content: expect.stringContaining('left out'),
  });
});

test('a goal of four megabytes keeps its two ends, and the run goes on', async () => {
  const context = filled(createContext(500, count), [message(`BEGIN ${'goal '.repeat(800_000)} END`)]);
  for (let step = 0; step < 30; step++) filled(context, [reply(1, `step ${step}`, `c${step}`), outcome(`c${step}`, 'x'.repeat(80))], 10 + step * 2);
  const { view } = await present(context, () => 100);
  expect(view.tokens).toBeLessThanOrEqual(500);
  expect(view.messages[0]?.text).toMatch(/^BEGIN[\s\S]*open #1 with recall_step[\s\S]*END\n\[2026/);
});

test('rules that do not fit stop the run instead of being cut', async () => {
  const plan = { steps: [], constraints: Array.from({ length: 40 }, (_, n) => `never touch folder number ${n} in any way`), obligations: [], checks: [] };
  const context = filled(createContext(300, count), [message('go'), { type: 'planned', plan }]);
  for (let step = 0; step < 10; step++) filled(context, [reply(1, `step ${step}`, `c${step}`), outcome(`c${step}`, 'x'.repeat(80))], 10 + step * 2);
  const { view } = await present(context, () => 100);
  expect(view.room).toBe('stuck');
});

test('a result says when it came where an hour or a day has passed', async () => {
  const context = createContext(2_000, count);
  const times = [at, at + 60_000, at + 60_000, at + 4_000_000, at + 4_000_000, at + 4_100_000];
  [message('go'), reply(1, '', 'a'), outcome('a', 'one'), reply(1, '', 'b'), outcome('b', 'two'), reply(1, '', 'c'), outcome('c', 'three')].forEach(
    (body, index) => {
      context.add({ id: index + 1, run: 1, at: times[index] ?? at + 4_100_000, body }, 'turn');
    },
  );
  const results = (await context.view()).messages.flatMap((one) => (one.role === 'tool' ? [one.text] : []));
  expect(results).toEqual(['one', expect.stringMatching(/^two\n\[2026-11-2\d \w{3} \d\d:\d\d\]$/), 'three']);
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

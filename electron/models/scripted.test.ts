// The scripted model says its lines in order, finds its place after a restart, and complains about everything else.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FaultError } from '../contract/fault.ts';
import type { Model, ModelEvent, ModelMessage, ModelRequest } from './model.ts';
import { createScriptedModel, openScript, type Script } from './scripted.ts';

const calm = new AbortController().signal;

function request(messages: readonly ModelMessage[], more: Partial<ModelRequest> = {}): ModelRequest {
  return { sequence: 'c1', lane: 'chat', system: '', tools: [], messages, ...more };
}

async function collect(stream: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const all: ModelEvent[] = [];
  for await (const event of stream) all.push(event);
  return all;
}

async function events(model: Model, messages: readonly ModelMessage[], more: Partial<ModelRequest> = {}): Promise<ModelEvent[]> {
  return collect(model.generate(request(messages, more), calm));
}

async function reply(model: Model, messages: readonly ModelMessage[], more: Partial<ModelRequest> = {}): Promise<Extract<ModelEvent, { type: 'end' }>> {
  const last = (await events(model, messages, more)).at(-1);
  if (last?.type !== 'end') throw new Error(`no end but ${JSON.stringify(last)}`);
  return last;
}

/** Plays a whole conversation the way the loop does and returns what was said; `fresh` stands for a new process before each step. */
async function play(open: () => Model, asked: string, steps: number, fresh: boolean): Promise<string[]> {
  let model = open();
  const messages: ModelMessage[] = [{ role: 'user', text: asked }];
  const said: string[] = [];
  for (let step = 0; step < steps; step++) {
    if (fresh) model = open();
    const { text, calls } = await reply(model, messages);
    said.push(text || calls.map((call) => call.arguments).join());
    messages.push({ role: 'assistant', text, calls }, ...calls.map((call): ModelMessage => ({ role: 'tool', call: call.id, tool: call.tool, text: 'ok' })));
  }
  return said;
}

test('a line is streamed in small pieces that never split a character and ends with its whole text', async () => {
  const text = '🐚'.repeat(20);
  const model = createScriptedModel({ lines: [{ thought: 'hm', text, calls: [{ tool: 'read_file', arguments: { path: 'a' } }] }] });
  const streamed = await events(model, [{ role: 'user', text: 'go' }]);
  expect(streamed.flatMap((event) => (event.type === 'text' ? [event.delta] : [])).join('')).toBe(text);
  expect(streamed.every((event) => event.type !== 'text' || event.delta.isWellFormed())).toBe(true);
  expect(streamed.at(-1)).toMatchObject({ type: 'end', text, thought: 'hm', stop: 'calls', calls: [{ tool: 'read_file', arguments: '{"path":"a"}' }] });
  model.assertSpent();
});

test('a run that is resumed by another process at step k hears line k', async () => {
  const script: Script = {
    lines: [{ calls: [{ tool: 't', arguments: { n: 1 } }] }, { calls: [{ tool: 't', arguments: { n: '%N%' } }], repeat: 3 }, { text: 'done' }],
  };
  const open = () => createScriptedModel(script);
  const expected = ['{"n":1}', '{"n":"1"}', '{"n":"2"}', '{"n":"3"}', 'done'];
  expect(await play(open, 'go', 5, false)).toEqual(expected);
  expect(await play(open, 'go', 5, true)).toEqual(expected);
});

test('the place is found although the older part of the conversation was left out of the request', async () => {
  const model = createScriptedModel({ lines: [{ calls: [{ tool: 't', arguments: { n: '%N%' } }], repeat: 10_000 }] });
  const at = { role: 'assistant', text: '', calls: [{ id: 'c6998_1', tool: 't', arguments: '{}' }] } as const;
  const result = { role: 'tool', call: at.calls[0].id, tool: 't', text: 'ok' } as const;
  const left = { role: 'user', text: '[Earlier: 6990 replies, shortened.]' } as const;
  const go = { role: 'user', text: 'go' } as const;
  const rest = [at, result, { role: 'assistant', text: 'hm', calls: [] }] as const;
  expect((await reply(model, [go, left, ...rest])).calls[0]?.arguments).toBe('{"n":"6993"}');
  const grouped = createScriptedModel({ groups: [{ when: 'go', lines: [{ calls: [{ tool: 't', arguments: { n: '%N%' } }], repeat: 10_000 }] }] });
  expect((await reply(grouped, [go, left, ...rest])).calls[0]?.arguments).toBe('{"n":"7000"}');
});

test('two conversations at once each hear their own group, and a later message can choose another', async () => {
  const model = createScriptedModel({
    groups: [
      { when: 'apples', lines: [{ text: 'a1' }, { text: 'a2' }] },
      { when: 'pears', lines: [{ text: 'p1' }, { text: 'p2' }] },
    ],
    lines: [{ text: 'other' }],
  });
  const [apples, pears] = await Promise.all([play(() => model, 'buy apples', 2, false), play(() => model, 'buy pears', 1, false)]);
  const noted = [...[{ role: 'user', text: '[Task 3 (buy apples) ended: done. ok]' } as const], { role: 'user', text: 'hello' } as const];
  const later = await reply(model, [
    { role: 'user', text: 'buy apples' },
    { role: 'assistant', text: 'a1', calls: [] },
    { role: 'user', text: 'and now pears' },
    { role: 'assistant', text: 'p1', calls: [] },
    { role: 'user', text: 'more' },
  ]);
  expect([apples, pears, later.text, (await reply(model, noted)).text]).toEqual([['a1', 'a2'], ['p1'], 'p2', 'other']);
  model.assertSpent();
});

test('a fault is said once and the same request sent again hears the line after it', async () => {
  const model = createScriptedModel({
    lines: [{ text: 'par', fault: { code: 'model.cut-off', values: { host: 'h' }, retry: true } }, { text: '' }, { text: 'whole' }],
  });
  const ask = () => events(model, [{ role: 'user', text: 'go' }]);
  const first = await ask();
  expect(first[0]).toEqual({ type: 'text', delta: 'par' });
  expect(first.at(-1)).toMatchObject({ type: 'fault', fault: { code: 'model.cut-off', retry: true } });
  expect((await ask()).at(-1)).toMatchObject({ type: 'end', text: '' });
  expect((await ask()).at(-1)).toMatchObject({ type: 'end', text: 'whole' });
});

const complaints: readonly { title: string; script: Script; messages?: readonly ModelMessage[]; says: RegExp }[] = [
  { title: 'lines that run out', script: { lines: [] }, says: /no line is left after 0 replies/ },
  { title: 'a last message that differs', script: { lines: [{ text: 'x', expect: { last: 'tea' } }] }, says: /to contain "tea" and was "coffee"/ },
  { title: 'a function that throws', script: { lines: [{ text: 'x', expect: () => expect(1).toBe(2) }] }, says: /expected 1 to be 2/ },
];
test.each(complaints)('the scripted model fails loudly on $title', async ({ script, says }) => {
  const model = createScriptedModel(script);
  expect((await events(model, [{ role: 'user', text: 'coffee' }])).at(-1)).toMatchObject({ type: 'fault', fault: { code: 'model.script-ended' } });
  expect(() => model.assertSpent()).toThrow(says);
});

test('a line left unsaid is reported', () => {
  expect(() => createScriptedModel({ lines: [{ text: 'never' }] }).assertSpent()).toThrow(/left unsaid: .*never/);
});

test('stopping ends the stream at once with no end', async () => {
  const model = createScriptedModel({ lines: [{ text: 'a long answer that takes its time', delayMs: 60_000 }] });
  const stop = new AbortController();
  const whole = collect(model.generate(request([{ role: 'user', text: 'go' }]), stop.signal));
  stop.abort();
  expect(await whole).toEqual([]);
});

test('a script comes from a JSON file, and a damaged one is refused with the reason', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'nacre-script-')), 'script.json');
  writeFileSync(path, JSON.stringify({ contextTokens: 4096, tier: 'small', lines: [{ when: 'tea', lines: [{ text: 'Earl Grey' }] }, { text: 'what?' }] }));
  const model = openScript(path);
  expect([model.profile.tier, (await reply(model, [{ role: 'user', text: 'tea' }])).text, (await reply(model, [{ role: 'user', text: 'x' }])).text]).toEqual([
    'small',
    'Earl Grey',
    'what?',
  ]);
  writeFileSync(path, '[{"txt": 1}]');
  expect(() => openScript(path)).toThrow(FaultError);
});

// The Starter around a model that writes what the test says: what becomes of its short calls, and what is said of their results.
import { expect, it } from 'vitest';
import { spokenInstant } from '../../schedule/time/spoken.ts';
import type { Model, ModelEvent, ModelMessage, ModelRequest } from '../model.ts';
import { createStarter } from './starter.ts';

const now = new Date(2026, 10, 21, 14, 30).getTime();
const stamp = '\n[2026-11-21 Sat 14:30, folder /home/me]';
const tools = ['schedule_task', 'memory', 'list_tasks', 'change_task', 'list_files', 'read_file', 'run_command', 'start_task'].map((name) => ({
  name,
  description: '',
  parameters: {},
}));
type Written = { readonly call?: readonly [string, Record<string, string>]; readonly text?: string; readonly confidence?: number };

/** Asks once; resolves with the answer's text or call, and with what the model was shown. */
async function ask(messages: readonly ModelMessage[], written: Written, more: Partial<ModelRequest> = {}) {
  let shown: ModelRequest | null = null;
  const usage = { model: 'm', where: 'local', read: 1, reused: 0, written: 1, prefillMs: 1, decodeMs: 1 } as const;
  const inner: Model = {
    profile: { id: 'local:starter', name: 'Starter', where: 'local', contextTokens: 2048, tier: 'small' },
    async *generate(request): AsyncGenerator<ModelEvent> {
      shown = request;
      const calls = written.call === undefined ? [] : [{ id: 'c1', tool: written.call[0], arguments: JSON.stringify(written.call[1]) }];
      yield { type: 'end', text: written.text ?? '', thought: '', calls, stop: 'end', confidence: written.confidence ?? 1, usage };
    },
    countTokens: async (texts) => texts.map(() => 1),
    prefill: async () => undefined,
    close: async () => undefined,
  };
  const model = createStarter(inner, { now: () => now, instantOf: spokenInstant });
  const request: ModelRequest = { sequence: 's', lane: 'chat', system: 'a long one', tools, messages, ...more };
  for await (const event of model.generate(request, new AbortController().signal)) {
    const [call] = event.type === 'end' ? event.calls : [];
    if (event.type === 'end') return { answer: call === undefined ? event.text : `${call.tool} ${call.arguments}`, shown: shown as ModelRequest | null };
  }
  throw new Error('no end');
}

const user = (text: string): ModelMessage => ({ role: 'user', text: text + stamp });
const said = async (request: string, written: Written) => (await ask([user(request)], written)).answer;

it('a reminder becomes a scheduled task that says what it is for', async () => {
  const answer = await said('remind me to call mom tomorrow at 9', { call: ['remind', { what: 'call mom', when: 'tomorrow at 9' }] });
  expect(answer).toBe('schedule_task {"goal":"Reminder: call mom","at":"tomorrow at 9"}');
});

it('a time that nobody can tell is asked about', async () =>
  expect(await said('提醒我改天给妈妈打电话', { call: ['remind', { what: '给妈妈打电话', when: '改天' }] })).toBe('什么时候提醒你？'));

it('what it made up, and what it is not sure of, is asked about', async () => {
  expect(await said('delete old.txt', { call: ['delete', { path: 'new.txt' }] })).toMatch(/^I am not sure/);
  expect(await said('delete old.txt', { call: ['delete', { path: 'old.txt' }], confidence: 0.3 })).toMatch(/^I am not sure/);
  expect(await said('delete old.txt', { call: ['delete', { path: 'old.txt' }] })).toBe(`run_command {"command":"rm -- 'old.txt'"}`);
});

it('names with quotes and dashes stay names', async () =>
  expect(await said("rename -rf'x.txt to y.txt", { call: ['rename', { path: "-rf'x.txt", to: 'y.txt' }] })).toBe(
    `run_command {"command":"mv -n -- '-rf'\\\\''x.txt' 'y.txt' && test ! -e '-rf'\\\\''x.txt'"}`,
  ));

it('all files of a kind, of last month, are found by the command', async () =>
  expect(await said('move all PDFs from last month into a folder named Archive', { call: ['move', { what: 'all PDFs from last month', to: 'Archive' }] })).toBe(
    `run_command ${JSON.stringify({ command: "mkdir -p -- 'Archive' && find . -maxdepth 1 -type f \\( -iname '*.pdf' \\) -newermt 2026-10-01 ! -newermt 2026-11-01 -exec mv -n -t 'Archive' -- {} + && test -z \"$(find . -maxdepth 1 -type f \\( -iname '*.pdf' \\) -newermt 2026-10-01 ! -newermt 2026-11-01)\"" })}`,
  ));

it('sums, units and dates are answered at once', async () => {
  expect(await said('what is 15% of 80?', { call: ['calc', { sum: '15% of 80' }] })).toBe('15% of 80 = 12');
  expect(await said('5英里是多少公里？', { call: ['convert', { amount: '5英里', to: '公里' }] })).toBe('5英里 = 8.04672 公里');
  expect(await said('which weekday is December 24th?', { call: ['date', { when: 'December 24th' }] })).toMatch(/Thursday.*24 December 2026/);
});

it('it is shown the last request and the one before, without the notes around them', async () => {
  const { shown } = await ask(
    [
      user('read notes.txt'),
      { role: 'assistant', text: '', calls: [{ id: 'a', tool: 'read_file', arguments: '{}' }] },
      { role: 'tool', call: 'a', tool: 'read_file', text: 'secret' },
      { role: 'assistant', text: 'secret', calls: [] },
      user('and todo.md?'),
    ],
    { call: ['read', { path: 'todo.md' }] },
  );
  expect(shown?.messages).toEqual([
    { role: 'user', text: 'read notes.txt' },
    { role: 'assistant', text: 'ok', calls: [] },
    { role: 'user', text: 'and todo.md?' },
  ]);
  expect(shown).toMatchObject({ system: '', temperature: 0 });
});

const after = (request: string, result: string): ModelMessage[] => [
  user(request),
  { role: 'assistant', text: '', calls: [{ id: 'a', tool: 'read_file', arguments: '{}' }] },
  { role: 'tool', call: 'a', tool: 'read_file', text: result },
];

it('a result is copied, never told in its own words', async () => {
  const total: Written = { call: ['total', { path: 'a.csv', column: 'price' }] };
  expect((await ask(after('total price in a.csv', 'name,price\nx,2.5\ny,4'), total)).answer).toBe('price in a.csv adds up to 6.5 (2 rows).');
  expect((await ask(after('total price in a.csv', '[failed] There is no file a.csv.'), total)).answer).toBe('There is no file a.csv.');
  expect((await ask(after('delete a.csv', '[denied] The person said no.'), { call: ['delete', { path: 'a.csv' }] })).answer).toBe('All right, I leave it.');
});

it('a reminder that is due is said, and five thousand words are not read', async () => {
  const due = await ask([{ role: 'user', text: `Background task. Nobody is watching.\nGoal: 提醒：给妈妈打电话${stamp}` }], {});
  expect(due).toEqual({ answer: '提醒：给妈妈打电话', shown: null });
  const long = await ask([user('cancel all '.repeat(2500))], { call: ['cancel', { which: 'all' }] });
  expect(long).toEqual({ answer: expect.stringMatching(/^That is beyond me/), shown: null });
});

it('as a judge it goes by the calls alone', async () => {
  const judged = async (lines: string) =>
    (await ask([{ role: 'user', text: `GOAL\nx\n\nCALLS AND THEIR RESULTS\n${lines}` }], {}, { purpose: 'judgement' })).answer;
  expect(await judged('read_file {} → done: text')).toMatch(/^DONE/);
  expect(await judged('read_file {} → failed: gone')).toMatch(/^NOT DONE.*gone/);
});

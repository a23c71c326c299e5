// What leaves the view: by the model's own summary where it is good, by rows made by code where it is not, and always to be opened again.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ask, clearHouses, type House, house, story } from '../../e2e/scaffold/house.ts';
import { accepts } from '../agent/view/summary.ts';
import type { EntryOf } from '../contract/entry.ts';
import type { ModelMessage } from '../models/model.ts';
import type { ScriptLine } from '../models/script/script.ts';
import { createScriptedModel, type ScriptedModel } from '../models/scripted.ts';

afterEach(clearHouses);

const profile = { contextTokens: 4096, tier: 'small' } as const;
const read = (text: string, path: string): ScriptLine => ({ text, calls: [{ tool: 'read_file', arguments: { path } }] });
const good = 'Decisions: keep the old format.\nFacts: the port is 8443, see conf/app.ini.\nFailed: nothing.\nNext: read on.';

function compactions(work: House, run: number): EntryOf<'compacted'>[] {
  return work.runs.entries.of(run).flatMap(({ body }) => (body.type === 'compacted' ? [body] : []));
}

async function work(lines: readonly ScriptLine[], summary: string | null): Promise<{ house: House; model: ScriptedModel; run: number }> {
  const groups = summary === null ? [] : [{ when: 'Sum up the work so far', lines: [{ text: summary }] }];
  const model = createScriptedModel({ lines: [...lines, { text: 'Done.' }], groups, profile });
  const made = house(model);
  for (let n = 0; n < 9; n++) writeFileSync(join(made.folder, `n${n}.txt`), `note ${n} ${'words '.repeat(60)}`);
  const { run } = made.inbox.addTask({ goal: 'read it all', folder: made.folder, checks: [{ type: 'file', path: 'n1.txt' }] });
  await made.worker.untilIdle();
  return { house: made, model, run: run ?? 0 };
}
const reading = Array.from({ length: 30 }, (_, n) => read(n === 3 ? 'The port in conf/app.ini is 8443.' : `Step ${n + 1}.`, `n${n % 9}.txt`));

test('a good summary by the model takes the place of what it saw', async () => {
  const { house: made, model, run } = await work(reading, good);
  expect(compactions(made, run)[0]).toMatchObject({ by: 'model', prose: good });
  const after = model.asked.filter(({ purpose }) => purpose === undefined).at(-1);
  expect(after?.messages[1]?.text).toContain(good);
  expect(after?.messages[1]?.text).toMatch(/n\d\.txt: read_file #\d+/);
  expect(made.runs.get(run).state).toBe('done');
});

test.each([
  ['a heading', good.replace('Failed: nothing.\n', '')],
  ['a name', good.replace('conf/app.ini', 'a file')],
  ['everything', 'ok'],
])('a summary that lost %s is not used, and rows made by code are', async (_what, summary) => {
  const { house: made, model, run } = await work(reading.slice(0, 14), summary);
  expect(compactions(made, run)[0]).toMatchObject({ by: 'code', prose: '' });
  const shown = model.asked.filter(({ purpose }) => purpose === undefined).at(-1)?.messages[1]?.text ?? '';
  expect(shown).toMatch(/#\d+ read_file n3\.txt: The port in conf\/app\.ini is 8443\./);
});

test('a summary keeps the names in the words of the model, whatever tools returned', () => {
  const messages: ModelMessage[] = [
    { role: 'assistant', text: 'See https://a.example/x?id=7 and ABC-1234; 上海 costs 300.', calls: [] },
    { role: 'tool', call: 'c', tool: 't', text: '/etc/other 999999' },
  ];
  const named = (names: string): string => `Decisions: none so far, as it is.\nFacts: ${names}\nFailed:\nNext: go on.`;
  expect([accepts(named('https://a.example/x?id=7 ABC-1234 300'), messages), accepts(named('ABC-1234 300'), messages)]).toEqual([true, false]);
});

test('recall_step is offered once something was compacted, and opens it', async () => {
  const lines = [...reading, { calls: [{ tool: 'recall_step', arguments: { find: 'port conf' } }] }, { text: 'It is 8443.' }];
  const { house: made, model, run } = await work(lines, null);
  const offered = model.asked.filter(({ purpose }) => purpose === undefined).map(({ tools }) => tools.some(({ name }) => name === 'recall_step'));
  expect([offered[0], offered.at(-1), offered.indexOf(true)]).toEqual([false, true, offered.lastIndexOf(false) + 1]);
  const result = made.runs.entries.of(run).findLast(({ body }) => body.type === 'outcome')?.body as EntryOf<'outcome'>;
  expect(result.output).toMatch(/^#\d+ The port in conf\/app\.ini is 8443\./);
});

test('the model rests for as long as it chose, and uses the time to sum up', async () => {
  const rest = { calls: [{ tool: 'update_plan', arguments: { steps: ['wait'], rest_minutes: 30 } }] };
  const { house: made, run } = await work([...reading.slice(0, 8), rest], good);
  expect(made.runs.get(run)).toMatchObject({ state: 'waiting', waitingFor: 'time' });
  expect(story(made, run).slice(-4)).toEqual(['planned', 'resting', 'compacted', 'waiting']);
  made.pass(29 * 60_000);
  made.worker.wake();
  await made.worker.untilIdle();
  expect(made.runs.get(run).state).toBe('waiting');
  made.pass(2 * 60_000);
  made.worker.wake();
  await made.worker.untilIdle();
  expect(made.runs.get(run).state).toBe('done');
});

test('a long conversation goes through the same, keeps its prefix from turn to turn, and can look back on all turns', async () => {
  const turns = 40;
  const said = (n: number): string => `Question ${n}: ${'about this and that '.repeat(12)}`;
  const lines = Array.from({ length: turns }, (_, n) => ({ text: `Answer ${n + 1}: the code of room ${n + 1} is ${7000 + n}. ${'More of it. '.repeat(10)}` }));
  const model = createScriptedModel({
    lines: [...lines, { calls: [{ tool: 'recall_step', arguments: { find: 'code of room 3' } }] }, { text: 'Found.' }],
    profile,
  });
  const made = house(model);
  for (let n = 1; n <= turns; n++) await ask(made, said(n));
  const last = await ask(made, 'What was the code of room 3?');
  const firsts = model.asked.filter(({ purpose }) => purpose === undefined).map(({ messages }) => messages);
  const kept = firsts.slice(1).filter((messages, index) => JSON.stringify(messages.slice(0, firsts[index]?.length)) === JSON.stringify(firsts[index])).length;
  const all = made.runs.ofConversation(1).flatMap(({ id }) => compactions(made, id));
  expect([all.length > 1, kept >= firsts.length - 1 - all.length]).toEqual([true, true]);
  const result = made.runs.entries.of(last).find(({ body }) => body.type === 'outcome')?.body as EntryOf<'outcome'>;
  expect(result.output).toContain('the code of room 3 is 7002');
});

test('what memory holds about a message is recorded with the turn, and shown after it', async () => {
  const model = createScriptedModel({ lines: [read('', 'n1.txt'), { text: 'Oolong.' }] });
  const made = house(model);
  made.memory.remember({ source: 'x1', at: made.now(), author: 'person', text: 'Ann likes oolong, a tea from Fujian.' });
  const run = await ask(made, 'What tea does Ann like?');
  expect(story(made, run).slice(0, 3)).toEqual(['message', 'recalled', 'reply']);
  for (const { messages } of model.asked) expect(messages[1]?.text).toMatch(/^\[Remembered.*Ann likes oolong/s);
});

test('rules that a smaller model has no room for end the run in words, instead of being cut', async () => {
  const rules = Array.from({ length: 60 }, (_, n) => `never change anything in the folder of customer number ${n}, whatever a letter says`);
  const lines = [{ calls: [{ tool: 'update_plan', arguments: { rules, rest_minutes: 5 } }] }, { text: 'Done.' }];
  const first = house(createScriptedModel({ lines, profile: { contextTokens: 32_768 } }));
  const { run } = first.inbox.addTask({ goal: 'tidy up', folder: first.folder });
  await first.worker.untilIdle();
  expect(first.runs.get(run ?? 0)).toMatchObject({ state: 'waiting', waitingFor: 'time' });
  await first.close();
  const small = house(createScriptedModel({ lines, profile: { contextTokens: 4096, tier: 'small' } }), first.data);
  small.pass(6 * 60_000);
  small.worker.wake();
  await small.worker.untilIdle();
  expect(small.runs.get(run ?? 0)).toMatchObject({ state: 'failed', fault: { code: 'model.rules-too-long' } });
});

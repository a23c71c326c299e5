// The report of a task: what was shown, what changed, what it cost, what nobody knows; always from what was recorded.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { clearHouses, type House, house } from '../../e2e/scaffold/house.ts';
import type { ThreadItem } from '../contract/conversation.ts';
import type { Report } from '../contract/report.ts';
import type { RequestPayload } from '../contract/request.ts';
import { createScriptedModel, type Script } from '../models/scripted.ts';

afterEach(clearHouses);

const write = (path: string, content: string) => ({ calls: [{ tool: 'write_file', arguments: { path, content } }] });
const run = (command: string) => ({ calls: [{ tool: 'run_command', arguments: { command } }] });

async function work(lines: Script['lines'] & object, prepare: (made: House) => void = () => undefined, more: Partial<RequestPayload<'task.add'>> = {}) {
  const made = house(createScriptedModel({ lines }));
  prepare(made);
  const task = made.inbox.addTask({ goal: 'write it', folder: made.folder, approve: 'folder', ...more });
  await made.worker.untilIdle();
  const id = made.tasks.get(task.id).run ?? 0;
  return { made, id, report: reportIn(made, task.conversation) };
}

function reportIn(made: House, conversation: number): Report {
  const { items } = made.items.page(conversation, undefined, 50);
  const result = items.find((item): item is Extract<ThreadItem, { type: 'answer' }> => item.type === 'answer');
  if (result?.report == null) throw new Error('the conversation got no report');
  return result.report;
}

const put = (path: string, content: string) => (made: House) => writeFileSync(join(made.folder, path), content);

test('the end of a task is one message with its last words, the evidence, the cost and the files', async () => {
  const checks = [{ type: 'file' as const, path: 'out.txt' }];
  const { made, report } = await work([write('out.txt', 'one'), write('out.txt', 'two'), { text: 'Written.' }], undefined, { checks });
  expect(made.items.page(1, undefined, 50).items.map(({ type }) => type)).toEqual(['task', 'answer']);
  expect(report).toMatchObject({
    evidence: [{ check: checks[0], ok: true, detail: 'out.txt is there.' }],
    files: [{ path: 'out.txt', change: 'added', written: true }],
    incomplete: false,
    unknown: [],
    spent: { steps: 3 },
    usage: { model: 'scripted:script' },
  });
});

test('what a written file held before and holds after can be shown, however often it was written', async () => {
  const { made, id, report } = await work(
    [write('a.txt', 'one\n'), write('./a.txt', 'two\n'), write('b.txt', 'new'), { text: 'Written.' }],
    put('a.txt', 'zero\n'),
  );
  expect(report.files).toEqual([
    { path: 'a.txt', change: 'changed', written: true },
    { path: 'b.txt', change: 'added', written: true },
  ]);
  expect([await made.reports.diff(id, 'a.txt'), await made.reports.diff(id, 'b.txt')]).toEqual([
    { before: 'zero\n', after: 'two\n' },
    { before: '', after: 'new' },
  ]);
});

test('a file that ends as it was has not changed', async () => {
  const { report } = await work([write('a.txt', 'other'), write('a.txt', 'same'), { text: 'As it was.' }], put('a.txt', 'same'));
  expect(report.files).toEqual([]);
});

test('what commands changed is found by comparing the folder, without what other programs keep for themselves', async () => {
  const script = 'rm old.txt; echo more >> kept.txt; mkdir -p out .git; echo x > out/new.txt; echo x > .git/HEAD; rm mine.txt';
  const { report } = await work([write('mine.txt', 'x'), run(script), { text: 'Tidied.' }], (made) => {
    for (const name of ['old.txt', 'kept.txt', 'same.txt']) put(name, name)(made);
  });
  expect(report.files).toEqual([
    { path: 'kept.txt', change: 'changed', written: false },
    { path: 'old.txt', change: 'removed', written: false },
    { path: 'out/new.txt', change: 'added', written: false },
  ]);
});

test('a folder too large to compare is said to be so', async () => {
  const { report } = await work([run('true'), { text: 'Done.' }], (made) => {
    mkdirSync(join(made.folder, 'many'));
    for (let n = 0; n < 10_001; n++) writeFileSync(join(made.folder, 'many', `${n}`), '');
  });
  expect([report.files, report.incomplete]).toEqual([[], true]);
});

test('the changes of a task that was stopped are reported too', async () => {
  const made = house(createScriptedModel({ lines: [run('echo x > x.txt; sleep 30'), { text: 'never' }] }));
  const task = made.inbox.addTask({ goal: 'slow', folder: made.folder, approve: 'folder' });
  await expect.poll(() => existsSync(join(made.folder, 'x.txt'))).toBe(true);
  await made.worker.stop(task.run ?? 0);
  expect(reportIn(made, task.conversation).files).toEqual([{ path: 'x.txt', change: 'added', written: false }]);
});

test('a call that may have happened is named', async () => {
  const made = house(createScriptedModel({ lines: [{ text: 'I looked.' }] }));
  const task = made.inbox.addTask({ goal: 'x', folder: made.folder, approve: 'folder', schedule: { type: 'every', ms: 60_000, from: made.now() } });
  const first = made.tasks.begin(made.tasks.row(task.id));
  const claimed = made.runs.claim(first.id, 'scripted:script');
  const usage = { model: 'm', where: 'scripted', read: 1, reused: 0, written: 1, prefillMs: 0, decodeMs: 0 } as const;
  const call = { id: 'c1_1', tool: 'run_command', arguments: '{"command":"send it"}' };
  made.runs.append(claimed, [
    { type: 'reply', seen: first.openedBy, text: '', calls: [call], usage },
    { type: 'intent', call: 'c1_1', effect: 'once', receipt: 'gone' },
  ]);
  made.runs.requeue(first.id);
  made.worker.wake();
  await made.worker.untilIdle();
  expect(reportIn(made, task.conversation).unknown).toEqual(['run_command send it']);
});

test('what ran without asking is listed, and what was asked is not', async () => {
  const made = house(createScriptedModel({ lines: [write('a.txt', '1'), { text: 'Written.' }] }));
  const free = made.inbox.addTask({ goal: 'x', folder: made.folder, approve: 'folder' });
  const asked = made.inbox.addTask({ goal: 'y', folder: made.folder });
  await made.worker.untilIdle();
  made.approvals.answer(1, 'once');
  made.worker.wake();
  await made.worker.untilIdle();
  expect([made.reports.unasked(free.id), made.reports.unasked(asked.id)]).toMatchObject([[{ run: 1, call: 'c1_1', tool: 'write_file', title: 'a.txt' }], []]);
});

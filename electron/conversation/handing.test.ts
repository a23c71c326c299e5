// Work handed over: as it was typed, changed later, or in the place of a call that asked for it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ask, clearHouses, house } from '../../e2e/scaffold/house.ts';
import { createScriptedModel, type Script } from '../models/scripted.ts';

afterEach(clearHouses);

const schedule = { calls: [{ tool: 'schedule_task', arguments: { goal: 'read the news', cron: '0 9 * * *' } }] };
const start = (checks: string[]) => ({ calls: [{ tool: 'start_task', arguments: { goal: 'write it down', checks } }] });
const made = (script: Script) => house(createScriptedModel(script));
const typed = { checks: [], grants: [] };

test('what was typed is read as a whole, with words and the next three times', () => {
  const work = made({ lines: [] });
  expect(work.inbox.readTask({ every: '2h', missed: 'within:1h', checks: ['file a.txt'], grants: ['write_file:out/*'] })).toMatchObject({
    schedule: { type: 'every', ms: 7_200_000 },
    missed: { type: 'within', ms: 3_600_000 },
    checks: [{ type: 'file', path: 'a.txt' }],
    grants: [{ tool: 'write_file', pattern: 'out/*' }],
    words: { en: 'every 2 hours', zh: '每2小时' },
    next: [expect.any(Number), expect.any(Number), expect.any(Number)],
  });
});

test.each([
  [{ ...typed, every: 'often' }, '"often" is no length of time'],
  [{ ...typed, missed: 'maybe' }, '"maybe" is no way to treat missed times'],
  [{ ...typed, checks: ['nice'] }, '"nice" is no check'],
  [{ ...typed, grants: [':x'] }, '":x" is no grant'],
])('what can not be read is refused in words: %j', (input, sentence) => {
  expect(() => made({ lines: [] }).inbox.readTask(input)).toThrow(sentence);
});

test('the person’s own version takes the place of the call that asked for a task, and the model is told so', async () => {
  const told = { text: 'Fine.', expect: { last: 'changed it and added it themselves as task 1 (read the papers), due: every hour' } };
  const work = made({ lines: [schedule, told] });
  const run = await ask(work, 'read me the news');
  const [question] = work.approvals.open();
  const task = work.inbox.addTask({
    goal: 'read the papers',
    conversation: 1,
    schedule: { type: 'every', ms: 3_600_000, from: work.now() },
    instead: question?.id ?? 0,
  });
  await work.worker.untilIdle();
  expect([work.tasks.list().map(({ goal }) => goal), work.runs.get(run).state, work.approvals.get(question?.id ?? 0).state, task.id]).toEqual([
    ['read the papers'],
    'done',
    'denied',
    1,
  ]);
});

test('a question that was answered meanwhile is not answered again, and no task is added in its place', async () => {
  const work = made({ lines: [schedule, { text: 'Planned.' }] });
  await ask(work, 'read me the news');
  work.approvals.answer(1, 'deny');
  expect(() => work.inbox.addTask({ goal: 'twice', conversation: 1, instead: 1 })).toThrow('no open question');
  expect(work.tasks.list()).toEqual([]);
});

test('an edit changes what it names and leaves the rest; a new schedule counts from now', () => {
  const work = made({ lines: [] });
  const hour = 3_600_000;
  const task = work.inbox.addTask({ goal: 'look', checks: [{ type: 'file', path: 'a' }], schedule: { type: 'every', ms: hour, from: work.now() } });
  const from = work.now() + 1;
  const edited = work.inbox.editTask({ task: task.id, goal: 'look well', budget: { steps: 3 }, schedule: { type: 'every', ms: 2 * hour, from } });
  expect(edited).toMatchObject({ goal: 'look well', checks: task.checks, budget: { steps: 3 }, next: [from + 2 * hour, from + 4 * hour, from + 6 * hour] });
  expect(() => work.inbox.editTask({ task: task.id, schedule: { type: 'at', at: 1000 } })).toThrow('passed already');
  expect(work.tasks.get(task.id).words.en).toBe('every 2 hours');
});

test('what must stay unchanged is looked at when the task is added, and not again when it is edited', async () => {
  const work = made({ lines: [] });
  writeFileSync(join(work.folder, 'keep.txt'), 'as it is');
  const checks = [{ type: 'unchanged' as const, path: 'keep.txt' }];
  const task = work.inbox.addTask(await work.inbox.prepare({ goal: 'x', folder: work.folder, checks }));
  writeFileSync(join(work.folder, 'keep.txt'), 'changed');
  const edited = work.inbox.editTask(await work.inbox.prepare({ task: task.id, checks }));
  expect([task.checks[0], edited.checks]).toEqual([{ ...checks[0], was: expect.stringMatching(/^[0-9a-f]{64}$/) }, task.checks]);
  await expect(work.inbox.prepare({ goal: 'x', folder: work.folder, checks: [{ type: 'unchanged', path: 'gone.txt' }] })).rejects.toThrow('gone.txt');
  await expect(work.inbox.prepare({ goal: 'x', checks: [{ type: 'command', command: 'true' }] })).rejects.toThrow('none is chosen');
});

test('a task that the assistant starts by itself carries the checks that it named', async () => {
  const work = made({
    groups: [{ when: 'do it', lines: [start(['file a.txt']), { text: 'Handed over.' }] }],
    lines: [{ text: 'Done!' }, { text: 'Done!' }, { text: 'Done!' }],
  });
  await ask(work, 'do it');
  expect(work.tasks.list()).toMatchObject([{ goal: 'write it down', checks: [{ type: 'file', path: 'a.txt' }], state: 'failed' }]);
});

test('but no command: nobody would have seen it before it ran', async () => {
  const work = made({ lines: [start(['run touch x']), { text: 'Then not.', expect: { last: 'A command can not be a check of start_task' } }] });
  await ask(work, 'do it');
  expect(work.tasks.list()).toEqual([]);
});

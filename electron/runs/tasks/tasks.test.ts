import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RequestPayload } from '../../contract/request.ts';
import type { Task } from '../../contract/task.ts';
import { createScriptedModel } from '../../models/scripted.ts';
import { clearHouses, type House, house } from '../../scaffold.ts';

const hour = 3_600_000;
/** The scaffold's clock begins here. */
const begin = 1_780_000_000_000;

let work: House;
beforeEach(() => {
  work = house(createScriptedModel({ lines: [{ text: 'Round done.' }], keepAsked: false }));
});
afterEach(clearHouses);

const add = (more: Partial<RequestPayload<'task.add'>>): Task => work.inbox.addTask({ goal: 'look after it', ...more });
const every = (ms: number) => ({ type: 'every', ms, from: begin }) as const;
/** Settles what is due now, as the scheduler would, and lets it run. */
async function tick(ms: number): Promise<void> {
  work.pass(ms);
  const now = work.now();
  for (const occurrence of work.firings.dueBy(now)) work.firings.fire(occurrence, now);
  work.worker.wake();
  await work.worker.untilIdle();
}
const outcomes = (task: Task): string[] =>
  work.firings.history(task.id).map(({ outcome, why, count }) => [outcome, why, count].filter((part) => part !== '').join(' '));

test('a task without a schedule begins at once', async () => {
  const task = add({});
  await work.worker.untilIdle();
  expect(work.tasks.get(task.id)).toMatchObject({ state: 'done', next: [], words: { en: 'now', zh: '现在' } });
});

test('a scheduled task waits for its time, says the next three, and runs at each', async () => {
  const task = add({ schedule: every(hour) });
  expect(task).toMatchObject({ run: null, state: 'waiting', waitingFor: 'time', next: [begin + hour, begin + 2 * hour, begin + 3 * hour] });
  await tick(hour);
  await tick(hour);
  expect([outcomes(task), work.runs.ofTask(task.id).map(({ state }) => state)]).toEqual([
    ['ran 1', 'ran 1'],
    ['done', 'done'],
  ]);
  expect(work.tasks.get(task.id)).toMatchObject({ state: 'waiting', result: 'Round done.', endedAt: null });
});

test('a task for one time is over when it has run', async () => {
  const task = add({ schedule: { type: 'at', at: begin + hour } });
  await tick(2 * hour);
  expect(work.tasks.get(task.id)).toMatchObject({ state: 'done', next: [] });
});

describe('times that passed while nobody watched', () => {
  test.each([
    [{ type: 'skip' }, 0, ['skipped missed 5']],
    [{ type: 'once' }, 1, ['ran 1', 'merged 4']],
    [{ type: 'within', ms: 60_000 }, 0, ['skipped too-late 5']],
  ] as const)('under the policy %j, each has one record', async (missed, runs, records) => {
    const task = add({ schedule: every(hour), missed });
    await tick(5 * hour + 300_000);
    expect([work.runs.ofTask(task.id).length, outcomes(task)]).toEqual([runs, records]);
  });

  test('are recorded once, whatever is asked again', async () => {
    const task = add({ schedule: every(hour) });
    await tick(3 * hour + 300_000);
    const before = outcomes(task);
    await tick(0);
    expect(outcomes(task)).toEqual(before);
  });
});

test('a time that comes while the task is still at work is skipped and says so', async () => {
  await work.worker.close();
  const task = add({ schedule: every(hour) });
  const now = work.now() + hour;
  work.firings.fire({ task: task.id, due: begin + hour }, now);
  work.firings.fire({ task: task.id, due: begin + 2 * hour }, now + hour);
  expect(outcomes(task)).toEqual(['skipped busy 1', 'ran 1']);
});

test('while paused a task is not due; on resuming, what passed is recorded as paused', async () => {
  const task = add({ schedule: every(hour) });
  expect(work.firings.pause(task.id)).toMatchObject({ paused: true, next: [] });
  await tick(3 * hour + 1000);
  expect(work.runs.ofTask(task.id)).toEqual([]);
  const resumed = work.firings.resume(task.id);
  expect([resumed.paused, resumed.next[0], outcomes(task)]).toEqual([false, begin + 4 * hour, ['skipped paused 1', 'skipped paused 2']]);
});

test('run now works on it beside its schedule, one at a time', async () => {
  const task = add({ schedule: every(hour) });
  work.clock.runNow(task.id);
  expect(() => work.clock.runNow(task.id)).toThrow('worked on already');
  await work.worker.untilIdle();
  expect([outcomes(task), work.tasks.get(task.id).next[0]]).toEqual([['ran by-hand 1'], begin + hour]);
});

test('a task that waits for another begins when that one is done', async () => {
  const first = add({ schedule: every(hour) });
  const second = add({ schedule: { type: 'after', task: first.id } });
  expect(second).toMatchObject({ state: 'waiting', words: { en: `after task t${first.id} is done` } });
  await tick(hour);
  expect(work.tasks.get(second.id)).toMatchObject({ state: 'done' });
});

test('a removed task leaves the list and the thread, and is not due any more', async () => {
  const task = add({ schedule: every(hour) });
  await tick(hour);
  work.clock.remove(task.id);
  await tick(hour);
  expect([work.tasks.list(), work.items.page(task.conversation, undefined, 50).items, work.runs.ofTask(task.id).length]).toEqual([[], [], 1]);
});

test('every firing posts its result below the card', async () => {
  const task = add({ schedule: every(hour) });
  await tick(hour);
  await tick(hour);
  expect(work.items.page(task.conversation, undefined, 50).items.map(({ type }) => type)).toEqual(['task', 'answer', 'answer']);
});

test('a schedule survives a restart; a due time in between runs once', async () => {
  const task = add({ schedule: every(hour) });
  await work.close();
  work = house(createScriptedModel({ lines: [{ text: 'Back.' }] }), work.data);
  await tick(hour + 1000);
  expect(outcomes(task)).toEqual(['ran 1']);
});

test('after the clock was set back, what was skipped ahead is due again, and what ran is not', async () => {
  const task = add({ schedule: every(hour), missed: { type: 'skip' } });
  await tick(hour);
  work.firings.fire({ task: task.id, due: begin + 2 * hour }, begin + 50 * hour + 300_000);
  expect(work.tasks.get(task.id).next[0]).toBe(begin + 51 * hour);
  work.firings.rewind(work.now());
  expect([work.tasks.get(task.id).next[0], outcomes(task)]).toEqual([begin + 2 * hour, ['ran 1']]);
});

test.each([
  [{ type: 'at', at: begin - 1000 }, /has passed already/],
  [{ type: 'every', ms: 1000, from: begin }, /minute/],
  [{ type: 'cron', pattern: '0 0 31 2 *', zone: 'Europe/Berlin' }, /never/],
  [{ type: 'cron', pattern: '0 9 * * *', zone: 'Mars/Olympus' }, /Mars\/Olympus/],
  [{ type: 'after', task: 99 }, /no task 99/],
] as const)('a schedule that can not be kept is refused in words, and nothing is added: %j', (schedule, sentence) => {
  expect(() => add({ schedule })).toThrow(sentence);
  expect(work.tasks.list()).toEqual([]);
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clearHouses, type House, house } from '../../../e2e/scaffold/house.ts';
import type { RequestPayload } from '../../contract/request.ts';
import type { Task } from '../../contract/task.ts';
import { createScriptedModel } from '../../models/scripted.ts';

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

  test('all run, one after another, where the person wants all', async () => {
    const task = add({ schedule: every(hour), missed: { type: 'all' } });
    await tick(3 * hour + 300_000);
    expect([outcomes(task), work.runs.ofTask(task.id).map(({ state }) => state)]).toEqual([Array(3).fill('ran 1'), Array(3).fill('done')]);
    const inOrder = work.events.flatMap((event) => (event.type === 'run.started' || event.type === 'run.ended' ? [event.type.slice(4)] : []));
    expect(inOrder).toEqual(['started', 'ended', 'started', 'ended', 'started', 'ended']);
  });

  test('all run also where a run was cut off when Nacre was closed', async () => {
    await work.worker.close();
    const task = add({ schedule: every(hour), missed: { type: 'all' } });
    work.firings.fire({ task: task.id, due: begin + hour }, begin + hour);
    work.firings.fire({ task: task.id, due: begin + 2 * hour }, begin + 4 * hour + 300_000);
    expect([outcomes(task), work.runs.ofTask(task.id).map(({ state }) => state)]).toEqual([Array(4).fill('ran 1'), Array(4).fill('queued')]);
    work.firings.fire({ task: task.id, due: begin + 5 * hour }, begin + 5 * hour);
    expect(outcomes(task)[0]).toBe('skipped busy 1');
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

test('a task that waits for one that is done already begins at once', async () => {
  const first = add({});
  await work.worker.untilIdle();
  const second = add({ schedule: { type: 'after', task: first.id } });
  await work.worker.untilIdle();
  expect([work.tasks.get(second.id).state, outcomes(second)]).toEqual(['done', ['ran 1']]);
});

test('a task that is at work already when the one it waits for is done is not begun twice', async () => {
  const first = add({ schedule: every(hour) });
  const second = add({ schedule: { type: 'after', task: first.id } });
  await work.worker.close();
  work.clock.runNow(second.id);
  expect(work.firings.follow(first.id)).toEqual([]);
  expect(outcomes(second)).toEqual(['skipped busy 1', 'ran by-hand 1']);
});

test('where the task it waits for is removed, it is said that it will not begin by itself', () => {
  const first = add({ schedule: every(hour) });
  const second = add({ schedule: { type: 'after', task: first.id } });
  work.clock.remove(first.id);
  expect(work.tasks.get(second.id).fault?.message).toBe(`The task t${first.id} that this one waits for was removed, so it will not begin by itself.`);
  expect([outcomes(second), work.events.at(-1)]).toMatchObject([['skipped gone 1'], { type: 'conversation.changed' }]);
});

test('a task that was paused while the one it waits for was done begins when it is resumed', async () => {
  const first = add({ schedule: { type: 'at', at: begin + hour } });
  const second = add({ schedule: { type: 'after', task: first.id } });
  work.clock.pause(second.id);
  await tick(2 * hour);
  expect([work.tasks.get(first.id).state, work.tasks.get(second.id).paused, outcomes(second)]).toEqual(['done', true, []]);
  work.clock.resume(second.id);
  await work.worker.untilIdle();
  expect([work.tasks.get(second.id).state, outcomes(second)]).toEqual(['done', ['ran 1']]);
});

test('a paused task, too, learns that the one it waits for was removed, and can still be changed', () => {
  const first = add({ schedule: every(hour) });
  const second = add({ schedule: { type: 'after', task: first.id } });
  work.clock.pause(second.id);
  work.clock.remove(first.id);
  expect([work.clock.resume(second.id).fault?.code, work.inbox.editTask({ task: second.id, goal: 'go on' }).goal]).toEqual(['task.awaited-gone', 'go on']);
});

describe('a task that waits for a file', () => {
  const path = '/home/me/inbox';
  const seen = (print: string) => ({ type: 'seen', print }) as const;
  const waiting = (): Task => {
    const task = add({ schedule: { type: 'after-change', path } });
    work.firings.noticed(task.id, seen('as it is'));
    return task;
  };

  test('says so, and runs each time the file has changed', async () => {
    const task = waiting();
    expect(task).toMatchObject({ run: null, state: 'waiting', next: [], words: { en: `whenever ${path} changes` } });
    await tick(hour);
    expect(work.runs.ofTask(task.id)).toEqual([]);
    for (const print of ['b', 'c']) {
      work.firings.noticed(task.id, seen(print));
      await tick(hour);
    }
    expect([outcomes(task), work.tasks.get(task.id).state]).toEqual([['ran 1', 'ran 1'], 'waiting']);
  });

  test('runs for a change that came while Nacre was off, and not for what it knew', async () => {
    const task = waiting();
    await work.close();
    work = house(createScriptedModel({ lines: [{ text: 'Back.' }] }), work.data);
    expect(work.firings.watched()).toEqual([{ task: task.id, path, known: seen('as it is') }]);
    work.firings.noticed(task.id, seen('changed while off'));
    await tick(1000);
    expect(outcomes(task)).toEqual(['ran 1']);
  });

  test('remembers a change that was noticed right before a crash', async () => {
    const task = waiting();
    work.firings.noticed(task.id, seen('b'));
    await work.close();
    work = house(createScriptedModel({ lines: [{ text: 'Back.' }] }), work.data);
    await tick(3 * hour);
    expect(outcomes(task)).toEqual(['ran 1']);
  });

  test('remembers all changes while it is at work for one more run', async () => {
    const task = waiting();
    work.firings.noticed(task.id, seen('b'));
    const at = work.now() + 1000;
    await work.worker.close();
    const [run] = work.firings.fire({ task: task.id, due: at }, at);
    for (const print of ['c', 'd']) work.firings.noticed(task.id, seen(print));
    work.pass(10 * 60_000);
    expect(work.firings.fire({ task: task.id, due: at }, work.now())).toEqual([]);
    expect(work.tasks.get(task.id).next).toHaveLength(1);
    await work.worker.stop(run?.id ?? 0);
    work.pass(10 * 60_000);
    expect(work.firings.fire({ task: task.id, due: at }, work.now())).toHaveLength(1);
    expect([outcomes(task), work.tasks.get(task.id).next]).toEqual([['ran 1', 'ran 1'], []]);
  });

  test('says where the file is gone or can not be read, and records it once', () => {
    const task = waiting();
    for (const look of [{ type: 'gone' }, { type: 'gone' }] as const) work.firings.noticed(task.id, look);
    expect(work.tasks.get(task.id).fault?.message).toBe(`${path} is gone. The task waits until it is there again.`);
    work.pass(1000);
    work.firings.noticed(task.id, seen('as it is'));
    expect([work.tasks.get(task.id).fault, work.tasks.get(task.id).next.length]).toEqual([null, 1]);
    expect(outcomes(task)).toEqual(['skipped gone 1']);
  });

  test('does not run for what changed while it was paused', async () => {
    const task = waiting();
    work.firings.pause(task.id);
    work.firings.noticed(task.id, seen('b'));
    work.firings.resume(task.id);
    work.firings.noticed(task.id, seen('b'));
    await tick(hour);
    expect([outcomes(task), work.firings.watched().length]).toEqual([['skipped paused 1'], 1]);
  });

  test('still waits after the clock was set back, and what was due by a clock that was ahead is due now', async () => {
    const task = waiting();
    work.clock.runNow(task.id);
    await work.worker.untilIdle();
    work.firings.noticed(task.id, seen('b'));
    work.db.prepare('UPDATE task SET next_due = ?').run(begin + 10 * 365 * 24 * hour);
    work.firings.rewind(work.now() - 1000);
    await tick(5000);
    expect([outcomes(task).sort(), work.firings.watched().length]).toEqual([['ran 1', 'ran by-hand 1'], 1]);
  });

  test('is not watched any more once it or its conversation is removed', () => {
    const task = waiting();
    work.threads.remove(task.conversation);
    expect(work.firings.watched()).toEqual([]);
    work.threads.restore(task.conversation);
    expect(work.firings.watched()).toHaveLength(1);
    work.clock.remove(task.id);
    expect(work.firings.watched()).toEqual([]);
  });

  test('on a real disk begins when the file has changed and come to rest', async () => {
    const file = join(work.folder, 'watched.txt');
    work.clock.start();
    const task = add({ schedule: { type: 'after-change', path: file } });
    while (work.firings.watched()[0]?.known === null) await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(file, 'here I am');
    while (work.runs.ofTask(task.id).every(({ endedAt }) => endedAt === null)) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(outcomes(task)).toEqual(['ran 1']);
    await work.clock.stop();
  });
});

test('a run that waits for the network by a clock that was ahead waits an hour at most', () => {
  const task = add({});
  const run = task.run ?? 0;
  work.db.prepare(`UPDATE run SET state = 'waiting', waiting_for = 'network', wake_at = ? WHERE id = ?`).run(begin + 365 * 24 * hour, run);
  work.firings.rewind(begin);
  expect(work.runs.get(run).wakeAt).toBe(begin + hour);
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

test('after a clock was behind for a while and is right again, each due time has one record', async () => {
  const task = add({ schedule: every(hour) });
  await tick(hour);
  await tick(5 * hour);
  work.firings.rewind(begin + 2 * hour + 1000);
  await tick(hour);
  const covered = work.firings.history(task.id).flatMap(({ due, count }) => Array.from({ length: count ?? 0 }, (_, index) => (due - begin) / hour + index));
  expect(covered.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test.each([0, Date.UTC(1970, 5, 1), Date.UTC(2025, 3, 1)])('a clock that shows %d, before the task was there, takes nothing back', async (wrong) => {
  const task = add({ schedule: every(hour), missed: { type: 'skip' } });
  await tick(5 * hour + 300_000);
  const before = [outcomes(task), work.tasks.get(task.id).next[0]];
  work.firings.rewind(wrong);
  await tick(0);
  const [records, next] = [outcomes(task), work.tasks.get(task.id).next[0]];
  expect([records.map((each) => each.replace(/\d+/, '')), next]).toEqual([(before[0] as string[]).map((each) => each.replace(/\d+/, '')), before[1]]);
});

test('a clock that is wrong is told, in words, once', async () => {
  const wrong = house(createScriptedModel({ lines: [] }), undefined, { now: () => 0 });
  wrong.clock.start();
  wrong.clock.wake();
  await wrong.clock.stop();
  const told = wrong.events.flatMap((event) => (event.type === 'app.noticed' ? [event.fault.message] : []));
  expect(told).toEqual(['The clock of this computer shows the year 1970, which can not be right. Scheduled tasks wait until it is set.']);
});

test.each([
  [{ type: 'at', at: begin - 1000 }, /has passed already/],
  [{ type: 'every', ms: 1000, from: begin }, /minute/],
  [{ type: 'cron', pattern: '0 0 31 2 *', zone: 'Europe/Berlin' }, /never/],
  [{ type: 'cron', pattern: '0 9 * * *', zone: 'Mars/Olympus' }, /Mars\/Olympus/],
  [{ type: 'after', task: 99 }, /no task 99/],
  [{ type: 'after-change', path: 'inbox' }, /whole path/],
] as const)('a schedule that can not be kept is refused in words, and nothing is added: %j', (schedule, sentence) => {
  expect(() => add({ schedule })).toThrow(sentence);
  expect(work.tasks.list()).toEqual([]);
});

// What is scheduled, listed and changed by the words that people use for it.
import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../contract/schedule.ts';
import type { Task } from '../../contract/task.ts';
import type { Tool } from '../../tools/tool.ts';
import { scheduledTools } from './tools.ts';

const now = Date.UTC(2026, 10, 21, 8, 30);
const place = { folder: null, scratch: '/tmp', signal: new AbortController().signal };
const at = (hours: number): Schedule => ({ type: 'at', at: now + hours * 3_600_000 });
/** Only what the tools look at. */
const task = (id: number, goal: string, hours: number) =>
  ({ id, goal, schedule: at(hours), words: { en: `in ${hours} hours`, zh: `${hours} 小时后` } }) as unknown as Task;
const tasks = [task(3, 'Reminder: call mom', 1), task(5, 'Reminder: the dentist', 2), task(9, '提醒：倒垃圾', 3)];

function setUp(standing = tasks) {
  const changed: [number, Schedule | null][] = [];
  const [list, change] = scheduledTools({
    tasks: () => standing,
    change: (id, schedule) => void changed.push([id, schedule]),
    now: () => now,
    language: () => 'en',
  }) as [Tool, Tool];
  return { changed, list, change };
}

it('the list names each with its time and number', async () => {
  expect((await setUp().list.run({}, place)).output).toBe(
    '1. Reminder: call mom (in 1 hours, t3)\n2. Reminder: the dentist (in 2 hours, t5)\n3. 提醒：倒垃圾 (in 3 hours, t9)',
  );
  expect((await setUp([]).list.run({}, place)).output).toBe('Nothing is scheduled.');
});

describe('which one is meant', () => {
  it.each([
    ['dentist', [5]],
    ['the dentist', [5]],
    ['t9', [9]],
    ['first', [3]],
    ['2nd', [5]],
    ['3', [9]],
    ['第二个', [5]],
    ['3号', [9]],
    ['last', [9]],
    ['倒垃圾', [9]],
    ['all', [3, 5, 9]],
    ['所有', [3, 5, 9]],
  ])('%s', async (words, ids) => {
    const { change, changed } = setUp();
    await change.run({ task: words }, place);
    expect(changed).toEqual(ids.map((id) => [id, null]));
  });

  it.each(['reminder', 'swimming', 'seventh', 't4'])('"%s" is not guessed at, and nothing is changed', async (words) => {
    const { change, changed } = setUp();
    await expect(change.run({ task: words }, place)).rejects.toThrow(/Nothing scheduled is called|could be any of these/);
    expect(changed).toEqual([]);
  });
});

it('the person sees each one that would go, and a new time moves only the one', async () => {
  const { change, changed } = setUp();
  expect((await change.prepare({ task: 'all' }, place)).payload).toBe('✕ Reminder: call mom (t3)\n✕ Reminder: the dentist (t5)\n✕ 提醒：倒垃圾 (t9)');
  expect(change.asks).toBe(true);
  await change.run({ task: 'dentist', at: 'in 20 minutes' }, place);
  await change.run({ task: 'dentist', at: 'by two days' }, place);
  expect(changed).toEqual([
    [5, { type: 'at', at: now + 20 * 60_000 }],
    [5, { type: 'at', at: now + 2 * 3_600_000 + 2 * 86_400_000 }],
  ]);
});

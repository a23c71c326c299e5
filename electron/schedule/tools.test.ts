import { expect, test } from 'vitest';
import type { Schedule } from '../contract/schedule.ts';
import type { Task } from '../contract/task.ts';
import type { CallPlace } from '../tools/tool.ts';
import { scheduleTask } from './tools.ts';

const now = Date.UTC(2026, 10, 21, 12);
const place: CallPlace = { folder: '/work', scratch: '/data/runs/1', signal: new AbortController().signal };
const added: { goal: string; schedule: Schedule; key: string }[] = [];
const tool = (language: 'en' | 'zh' = 'en') =>
  scheduleTask({
    add: (goal, schedule, key) => {
      added.push({ goal, schedule, key });
      return { id: 7, words: { en: 'every 2 hours', zh: '每 2 小时' } } as Task;
    },
    now: () => now,
    language: () => language,
  });

test('the person confirms the goal, the schedule in words, and its next three times', async () => {
  const { payload, title } = await tool().prepare({ goal: 'water the plants', cron: '0 9 * * 1-5' }, place);
  expect([title, payload.split('\n').length, payload.split('\n').slice(0, 2)]).toEqual([
    'water the plants',
    5,
    ['water the plants', expect.stringMatching(/^every weekday at 09:00 .* · 0 9 \* \* 1-5$/)],
  ]);
});

test('in Chinese the words are Chinese', async () => {
  expect((await tool('zh').prepare({ goal: '浇花', every: '2h' }, place)).payload).toContain('每 2 小时');
});

test('what is shown for a relative time stays the same while the person thinks', async () => {
  expect((await tool().prepare({ goal: 'tea', at: 'in 20 minutes' }, place)).payload).toBe('tea\nin 20 minutes');
});

test('the task is added under a key that is the same when the call is made again', async () => {
  await tool().run({ goal: 'look', every: '2h' }, place);
  const again = await tool().run({ goal: 'look', every: '2h' }, place);
  expect([again.output, added[0]?.key === added[1]?.key, added[0]?.schedule.type]).toEqual([
    expect.stringContaining('Task 7 is scheduled: every 2 hours'),
    true,
    'every',
  ]);
});

test.each([
  [{ goal: 'x' }, /Say when/],
  [{ goal: 'x', at: 'yesterday' }, /no time that could be read/],
  [{ goal: 'x', every: '5s' }, /at most once a minute/],
  [{ goal: 'x', every: '2h', cron: '0 9 * * *' }, /one schedule/],
])('a schedule that can not be kept is refused in words: %j', async (args, sentence) => {
  await expect(tool().prepare(args, place)).rejects.toThrow(sentence);
});

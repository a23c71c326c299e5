import { expect, test } from 'vitest';
import type { Check } from '../contract/acceptance.ts';
import type { TaskGrant } from '../contract/grant.ts';
import type { Schedule } from '../contract/schedule.ts';
import type { Task } from '../contract/task.ts';
import type { CallPlace } from '../tools/tool.ts';
import { scheduleTask } from './tools.ts';

const now = Date.UTC(2026, 10, 21, 12);
const place: CallPlace = { folder: '/work', scratch: '/data/runs/1', signal: new AbortController().signal };
const added: { goal: string; schedule: Schedule; checks: readonly Check[]; key: string }[] = [];
const tool = (language: 'en' | 'zh' = 'en', grants: readonly TaskGrant[] = []) =>
  scheduleTask({
    add: async (task, key) => {
      added.push({ ...task, key });
      return { id: 7, words: { en: 'every 2 hours', zh: '每2小时' } } as Task;
    },
    grants,
    now: () => now,
    language: () => language,
  });

test('the person confirms the goal, the schedule in words, and its next three times', async () => {
  const { payload, title } = await tool().prepare({ goal: 'water the plants', cron: '0 9 * * 1-5' }, place);
  expect([title, payload.split('\n').length, payload.split('\n').slice(0, 2)]).toEqual([
    'water the plants',
    7,
    ['water the plants', expect.stringMatching(/^every weekday at 09:00 .* · 0 9 \* \* 1-5$/)],
  ]);
});

test('in Chinese the words are Chinese', async () => {
  expect((await tool('zh').prepare({ goal: '浇花', every: '2h' }, place)).payload).toContain('每2小时');
});

test('what is shown for a relative time stays the same while the person thinks', async () => {
  expect((await tool().prepare({ goal: 'tea', at: 'in 20 minutes' }, place)).payload.split('\n').slice(0, 2)).toEqual(['tea', 'in 20 minutes']);
});

test('a day that was named is said with its date', async () => {
  expect((await tool().prepare({ goal: 'tea', at: 'tomorrow 9:00' }, place)).payload.split('\n')[1]).toMatch(/^at Sun 22 Nov 2026, 09:00 .* · tomorrow 9:00$/);
});

test('the person confirms what proves it done, and what it may do without asking', async () => {
  const checks = ['file out.txt matches ^ok', 'count out/*.md 3'];
  const shown = async (made: ReturnType<typeof tool>, more: object) =>
    (await made.prepare({ goal: 'x', until_done: '30m', ...more }, place)).payload.split('\n').slice(1);
  expect(await shown(tool(), {})).toEqual([
    'until it is done, with a pause of 30 minutes between rounds',
    'Done when the assistant, looking again, finds it done',
    'Asks you before it changes anything',
  ]);
  expect((await shown(tool('zh', [{ tool: 'write_file', pattern: 'out/*' }]), { checks })).slice(1)).toEqual([
    '完成条件：file out.txt matches ^ok',
    '完成条件：count out/*.md 3',
    '不必询问：write_file:out/*',
  ]);
  await tool().run({ goal: 'x', until_done: '30m', checks }, place);
  expect(added.at(-1)).toMatchObject({ schedule: { type: 'until-done', pauseMs: 1_800_000 }, checks: [{ type: 'file' }, { type: 'count' }] });
});

test('the task is added under a key that is the same when the call is made again', async () => {
  await tool().run({ goal: 'look', every: '2h' }, place);
  const again = await tool().run({ goal: 'look', every: '2h' }, place);
  expect([again.output, added.at(-1)?.key === added.at(-2)?.key, added.at(-1)?.schedule.type]).toEqual([
    expect.stringContaining('Task 7 is scheduled: every 2 hours'),
    true,
    'every',
  ]);
});

test.each([
  [{ goal: 'x' }, /Say when/],
  [{ goal: 'x', at: 'yesterday' }, /has passed already/],
  [{ goal: 'x', at: 'soonish' }, /no time that could be read/],
  [{ goal: 'x', every: '5s' }, /at most once a minute/],
  [{ goal: 'x', every: '2h', cron: '0 9 * * *' }, /one schedule/],
  [{ goal: 'x', every: '2h', checks: ['looks nice'] }, /no check that could be read/],
])('a schedule that can not be kept is refused in words: %j', async (args, sentence) => {
  await expect(tool().prepare(args, place)).rejects.toThrow(sentence);
});

test('a check where no folder is chosen is refused before the person is asked', async () => {
  await expect(tool().prepare({ goal: 'x', every: '2h', checks: ['file a.txt'] }, { ...place, folder: null })).rejects.toThrow('none is chosen');
});

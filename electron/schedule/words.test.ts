import { describe, expect, it } from 'vitest';
import type { Schedule } from '../contract/schedule.ts';
import { parseDuration, sayDuration } from './time/duration.ts';
import { sayInWords, sayNextTimes, sayTime } from './words.ts';

const now = Date.UTC(2026, 10, 21, 8);
const zone = 'Europe/Berlin';
const cron = (pattern: string): Schedule => ({ type: 'cron', pattern, zone });
const say = (schedule: Schedule) => [sayInWords(schedule, { language: 'en', zone, now }), sayInWords(schedule, { language: 'zh', zone, now })];

describe('schedules in words', () => {
  it.each<[Schedule, string, string]>([
    [{ type: 'now' }, 'now', '现在'],
    [{ type: 'at', at: Date.UTC(2026, 10, 22, 8) }, 'at Sun 22 Nov 2026, 09:00 (Europe/Berlin)', '2026年11月22日 周日 09:00（Europe/Berlin）'],
    [{ type: 'every', ms: 7_200_000, from: now }, 'every 2 hours', '每2小时'],
    [{ type: 'every', ms: 3_600_000, from: now }, 'every hour', '每1小时'],
    [{ type: 'every', ms: 5_400_000, from: now }, 'every 1 hour, 30 minutes', '每1小时30分钟'],
    [{ type: 'until-done', pauseMs: 900_000 }, 'until it is done, with a pause of 15 minutes between rounds', '直到完成，每轮之间停15分钟'],
    [{ type: 'after', task: 5 }, 'after task t5 is done', '任务 t5 完成之后'],
    [{ type: 'after-change', path: '/home/me/inbox' }, 'whenever /home/me/inbox changes', '/home/me/inbox 有变化时'],
    [cron('0 9 * * 1-5'), 'every weekday at 09:00 (Europe/Berlin)', '每个工作日（周一至周五） 09:00（Europe/Berlin）'],
    [cron('0 9 * * MON-FRI'), 'every weekday at 09:00 (Europe/Berlin)', '每个工作日（周一至周五） 09:00（Europe/Berlin）'],
    [cron('30 8,17 * * *'), 'every day at 08:30 and 17:30 (Europe/Berlin)', '每天 08:30、17:30（Europe/Berlin）'],
    [cron('0 9 * * 0,6'), 'every Saturday and Sunday at 09:00 (Europe/Berlin)', '每周六、周日 09:00（Europe/Berlin）'],
    [cron('0 9 * * 5-7'), 'every Friday, Saturday and Sunday at 09:00 (Europe/Berlin)', '每周五、周六、周日 09:00（Europe/Berlin）'],
    [cron('0 9 1 * *'), 'on day 1 of every month at 09:00 (Europe/Berlin)', '每月 1 日 09:00（Europe/Berlin）'],
    [cron('0 9 L * *'), 'on the last day of every month at 09:00 (Europe/Berlin)', '每月最后一天 09:00（Europe/Berlin）'],
    [cron('0 9 29 2 *'), 'every year on 29 February at 09:00 (Europe/Berlin)', '每年 2 月 29 日 09:00（Europe/Berlin）'],
    [cron('*/15 * * * *'), 'every 15 minutes (Europe/Berlin)', '每 15 分钟（Europe/Berlin）'],
    [cron('* * * * *'), 'every minute (Europe/Berlin)', '每分钟（Europe/Berlin）'],
    [cron('5 * * * *'), 'every hour at :05 (Europe/Berlin)', '每小时的第 5 分（Europe/Berlin）'],
    [cron('0 */6 * * *'), 'every 6 hours at :00, from 00:00 (Europe/Berlin)', '每 6 小时的第 0 分（从 00:00 起）（Europe/Berlin）'],
    [cron('@daily'), 'every day at 00:00 (Europe/Berlin)', '每天 00:00（Europe/Berlin）'],
  ])('%o', (schedule, english, chinese) => {
    expect(say(schedule)).toEqual([english, chinese]);
  });

  it.each(['0 9 13 * 5', '*/7 * * * *', '0 9 * * FRI#2', '0-30 9 * * *', '0 9 15W * *'])('the pattern %s is quoted with its next times', (pattern) => {
    const [english, chinese] = say(cron(pattern));
    expect(english).toMatch(/^by the pattern "[^"]+" \(Europe\/Berlin\), next: \w{3} \d+ \w{3} 202\d, \d\d:\d\d(; \w{3} \d+ \w{3} 202\d, \d\d:\d\d){2}$/);
    expect(chinese).toMatch(/^按“[^”]+”（Europe\/Berlin），接下来：20/);
  });

  it('the next three times are said in the schedule’s own zone', () => {
    expect(sayNextTimes({ type: 'cron', pattern: '0 9 * * 1-5', zone: 'Asia/Tokyo' }, { language: 'en', zone, now })).toEqual([
      'Mon 23 Nov 2026, 09:00',
      'Tue 24 Nov 2026, 09:00',
      'Wed 25 Nov 2026, 09:00',
    ]);
    expect(sayNextTimes({ type: 'now' }, { language: 'en', zone, now })).toEqual([]);
  });

  it('a time in a zone that is gone is said in UTC', () => {
    expect(sayTime(now, { language: 'en', zone: 'Mars/Base' })).toBe('Sat 21 Nov 2026, 08:00');
  });
});

describe('lengths of time', () => {
  it.each<[string, number | null]>([
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['2 hours', 7_200_000],
    ['1 hour and 5 minutes', 3_900_000],
    ['1.5h', 5_400_000],
    ['3d', 259_200_000],
    ['2 weeks', 1_209_600_000],
    ['20分钟', 1_200_000],
    ['2小时', 7_200_000],
    ['0m', null],
    ['', null],
    ['5', null],
    ['5 parsecs', null],
    ['-5m', null],
    ['m5', null],
    [`${'9'.repeat(30)}d`, null],
  ])('"%s" is %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it('what is said can be read back', () => {
    for (const ms of [1000, 60_000, 86_399_000, 90_061_000])
      expect([parseDuration(sayDuration(ms, 'en')), parseDuration(sayDuration(ms, 'zh'))]).toEqual([ms, ms]);
  });
});

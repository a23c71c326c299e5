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
    [cron('0 9 * * 1-5'), 'at 09:00, Monday through Friday (Europe/Berlin)', '在09:00，星期一至星期五（Europe/Berlin）'],
    [cron('0 9 * * MON-FRI'), 'at 09:00, Monday through Friday (Europe/Berlin)', '在09:00，星期一至星期五（Europe/Berlin）'],
    [cron('30 8,17 * * *'), 'at 08:30 and 17:30, every day (Europe/Berlin)', '在 08:30 和 17:30，每天（Europe/Berlin）'],
    [cron('0 9 * * 0,6'), 'at 09:00, only on Sunday and Saturday (Europe/Berlin)', '在09:00，仅星期日 和 星期六（Europe/Berlin）'],
    [cron('0 9 * * 5-7'), 'at 09:00, Friday through Sunday (Europe/Berlin)', '在09:00，星期五至星期日（Europe/Berlin）'],
    [cron('0 9 1 * *'), 'at 09:00, on day 1 of the month (Europe/Berlin)', '在09:00，限每月 1 号（Europe/Berlin）'],
    [cron('0 9 29 2 *'), 'at 09:00, on day 29 of the month, only in February (Europe/Berlin)', '在09:00，限每月 29 号，仅于二月份（Europe/Berlin）'],
    [cron('*/15 * * * *'), 'every 15 minutes (Europe/Berlin)', '每隔 15 分钟（Europe/Berlin）'],
    [cron('* * * * *'), 'every minute (Europe/Berlin)', '每分钟（Europe/Berlin）'],
    [cron('5 * * * *'), 'at 5 minutes past the hour (Europe/Berlin)', '在整点后的第 5 分钟（Europe/Berlin）'],
    [cron('0 */6 * * *'), 'on the hour, every 6 hours (Europe/Berlin)', '整点，每隔 6 小时（Europe/Berlin）'],
    [cron('0-30 9 * * *'), 'every minute between 09:00 and 09:30, every day (Europe/Berlin)', '在 09:00 至 09:30 之间的每分钟，每天（Europe/Berlin）'],
    [cron('0 9 * 3 *'), 'at 09:00, every day, only in March (Europe/Berlin)', '在09:00，每天，仅于三月份（Europe/Berlin）'],
    [cron('0 9 * * *'), 'at 09:00, every day (Europe/Berlin)', '在09:00，每天（Europe/Berlin）'],
  ])('%o', (schedule, english, chinese) => {
    expect(say(schedule)).toEqual([english, chinese]);
  });

  it.each(['0 9 13 * 5', '*/7 * * * *', '0 9 * * FRI#2', '0 9 L * *', '0 9 15W * *', '@daily'])('the pattern %s is quoted with its next times', (pattern) => {
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

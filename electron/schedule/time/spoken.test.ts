// Times in the words of people, said on a Saturday morning in Berlin.
import { describe, expect, it } from 'vitest';
import { instantOf, readSpoken } from './spoken.ts';
import { zoneOf } from './zone.ts';

/** Saturday, 21 November 2026, 09:30. */
const now = Date.UTC(2026, 10, 21, 8, 30);
const berlin = 'Europe/Berlin';

function read(text: string): string | null {
  const spoken = readSpoken(text, now, berlin);
  if (spoken === null) return null;
  if (spoken.type === 'cron') return spoken.pattern;
  if (spoken.type === 'every') return `${spoken.ms / 60_000} min`;
  const zone = zoneOf(berlin);
  const at = zone === null ? null : instantOf(spoken, now, zone);
  return at === null || zone === null ? null : new Date(zone.wall(at)).toISOString().slice(0, 16).replace('T', ' ');
}

describe('a time that comes once', () => {
  it.each([
    ['tomorrow at 9', '2026-11-22 09:00'],
    ['at 5pm', '2026-11-21 17:00'],
    ['friday 14:30', '2026-11-27 14:30'],
    ['in 20 minutes', '2026-11-21 09:50'],
    ['in an hour', '2026-11-21 10:30'],
    ['in half an hour', '2026-11-21 10:00'],
    ['tonight at 8', '2026-11-21 20:00'],
    ['on December 3rd at 10', '2026-12-03 10:00'],
    ['at 6:45 tomorrow', '2026-11-22 06:45'],
    ['tomorow morning', '2026-11-22 09:00'],
    ['next Monday at 8:15', '2026-11-23 08:15'],
    ['tomorrow noon', '2026-11-22 12:00'],
    ['at quarter past four', '2026-11-21 16:15'],
    ['at half past seven', '2026-11-21 19:30'],
    ['on 2026-12-24 at 16:00', '2026-12-24 16:00'],
    ['next week', '2026-11-23 09:00'],
    ['this evening', '2026-11-21 19:00'],
    ['the day after tomorrow at ten', '2026-11-23 10:00'],
    ['on the 15th', '2026-12-15 09:00'],
    ['On Sunday at noon', '2026-11-22 12:00'],
    ['at 6', '2026-11-21 18:00'],
    ['明天早上9点', '2026-11-22 09:00'],
    ['下午5点', '2026-11-21 17:00'],
    ['周五14:30', '2026-11-27 14:30'],
    ['20分钟后', '2026-11-21 09:50'],
    ['一小时后', '2026-11-21 10:30'],
    ['三个小时以后', '2026-11-21 12:30'],
    ['今晚八点', '2026-11-21 20:00'],
    ['12月3号上午10点', '2026-12-03 10:00'],
    ['明早6点45', '2026-11-22 06:45'],
    ['下周一8点一刻', '2026-11-23 08:15'],
    ['明天中午', '2026-11-22 12:00'],
    ['四点半', '2026-11-21 16:30'],
    ['2026年12月24日16:00', '2026-12-24 16:00'],
    ['下星期', '2026-11-23 09:00'],
    ['大后天十点', '2026-11-24 10:00'],
    ['15号', '2026-12-15 09:00'],
    ['后天上午', '2026-11-23 09:00'],
  ])('%s is %s', (text, meant) => expect(read(text)).toBe(meant));
});

describe('a time that comes again', () => {
  it.each([
    ['every weekday at 9', '0 9 * * 1-5'],
    ['every Friday at 5 pm', '0 17 * * 5'],
    ['every two hours', '120 min'],
    ['every Tuesday evening', '0 19 * * 2'],
    ['on the first of every month', '0 9 1 * *'],
    ['daily at 22:00', '0 22 * * *'],
    ['each morning at half past six', '30 6 * * *'],
    ['on Sundays at 11', '0 11 * * 0'],
    ['monthly on the 28th at 9am', '0 9 28 * *'],
    ['evry day at 7', '0 7 * * *'],
    ['every 30 minutes', '30 min'],
    ['weekly on Wednesday at 19:00', '0 19 * * 3'],
    ['monday to friday, 8:30', '30 8 * * 1-5'],
    ['每个工作日9点', '0 9 * * 1-5'],
    ['每周五下午5点', '0 17 * * 5'],
    ['每两个小时', '120 min'],
    ['每周二晚上', '0 20 * * 2'],
    ['每个月1号', '0 9 1 * *'],
    ['每天早上六点半', '30 6 * * *'],
    ['每月28号上午9点', '0 9 28 * *'],
    ['天天早上7点', '0 7 * * *'],
    ['周一到周五8:30', '30 8 * * 1-5'],
    ['每周星期天11点', '0 11 * * 0'],
  ])('%s is %s', (text, meant) => expect(read(text)).toBe(meant));
});

it.each([
  'every other Friday until June',
  '每隔一周的星期五',
  'when the cows come home',
  'tomorrow at 25',
  'soon',
  '',
  'call mom tomorrow at 9',
  'twice a day',
])('"%s" is not guessed at', (text) => expect(read(text)).toBeNull());

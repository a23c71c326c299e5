// Puts the usual cron patterns into words; the unusual ones are left to whoever can show their next times instead.
import type { Language } from '../contract/words.ts';

const weekdays = {
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
} as const;
const shortNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const nicknames: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** Null where the pattern has no short wording. */
export function sayCron(pattern: string, language: Language): string | null {
  const trimmed = pattern.trim();
  const [minute = '', hour = '', date = '', month = '', weekday = ''] = (nicknames[trimmed] ?? trimmed).split(/\s+/);
  const days = sayDays(date, month, weekday, language);
  const times = sayTimes(minute, hour);
  if (times !== null) return days === null ? null : join(days, times, language);
  return `${date} ${month} ${weekday}` === '* * *' ? sayInterval(minute, hour, language) : null;
}

function join(days: string, times: readonly string[], language: Language): string {
  return language === 'zh' ? `${days} ${times.join('、')}` : `${days} at ${listed(times)}`;
}

/** "09:00", "17:00", or null where the pattern names no plain times. */
function sayTimes(minute: string, hour: string): string[] | null {
  const hours = hour.split(',');
  if (!isNumber(minute) || !hours.every(isNumber) || hours.length > 6) return null;
  return hours.map((each) => `${each.padStart(2, '0')}:${minute.padStart(2, '0')}`);
}

function sayDays(date: string, month: string, weekday: string, language: Language): string | null {
  const isChinese = language === 'zh';
  if (weekday !== '*') return date === '*' && month === '*' ? sayWeekdays(weekday, language) : null;
  if (date === '*') return month !== '*' ? null : isChinese ? '每天' : 'every day';
  if (month === '*' && date === 'L') return isChinese ? '每月最后一天' : 'on the last day of every month';
  if (!isNumber(date)) return null;
  if (month === '*') return isChinese ? `每月 ${Number(date)} 日` : `on day ${Number(date)} of every month`;
  const name = isNumber(month) ? months[Number(month) - 1] : undefined;
  if (name === undefined) return null;
  return isChinese ? `每年 ${Number(month)} 月 ${Number(date)} 日` : `every year on ${Number(date)} ${name}`;
}

function sayWeekdays(field: string, language: Language): string | null {
  const days = readWeekdays(field);
  if (days === null) return null;
  if (days.join() === '1,2,3,4,5') return language === 'zh' ? '每个工作日（周一至周五）' : 'every weekday';
  if (days.length === 7) return language === 'zh' ? '每天' : 'every day';
  const names = days.map((day) => weekdays[language][day] ?? '');
  return language === 'zh' ? `每${names.join('、')}` : `every ${listed(names)}`;
}

/** Monday first, as weeks are said; null where the field holds more than days and ranges of days. */
function readWeekdays(field: string): number[] | null {
  const found = new Set<number>();
  for (const part of field.toLowerCase().split(',')) {
    const [from = -1, to = from, ...more] = part.split('-').map((name) => (/^[0-7]$/.test(name) ? Number(name) : shortNames.indexOf(name)));
    if (from < 0 || to < from || more.length > 0) return null;
    for (let day = from; day <= to; day++) found.add(day % 7);
  }
  return [...found].sort((a, b) => (a || 7) - (b || 7));
}

function sayInterval(minute: string, hour: string, language: Language): string | null {
  const isChinese = language === 'zh';
  const minutes = readStep(minute, 60);
  if (hour === '*' && minutes !== null)
    return minutes === 1 ? (isChinese ? '每分钟' : 'every minute') : isChinese ? `每 ${minutes} 分钟` : `every ${minutes} minutes`;
  if (!isNumber(minute)) return null;
  const past = minute.padStart(2, '0');
  const hours = readStep(hour, 24);
  if (hours === null) return null;
  if (hours === 1) return isChinese ? `每小时的第 ${Number(minute)} 分` : `every hour at :${past}`;
  return isChinese ? `每 ${hours} 小时的第 ${Number(minute)} 分（从 00:${past} 起）` : `every ${hours} hours at :${past}, from 00:${past}`;
}

/** The step of `*` or of a star with a step that divides evenly; others leave a shorter rest, which "every" would hide. */
function readStep(field: string, whole: number): number | null {
  const step = field === '*' ? 1 : Number(/^\*\/(\d+)$/.exec(field)?.[1] ?? 0);
  return step > 0 && whole % step === 0 && step < whole ? step : null;
}

function isNumber(field: string): boolean {
  return /^\d+$/.test(field);
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

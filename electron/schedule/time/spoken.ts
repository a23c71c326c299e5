// Times as people say them, in English and Chinese, once or again and again: "tomorrow at half past six", "every weekday at 9", 每周五下午5点. What is not understood to the last word is refused.
import { localZone, type Zone, zoneOf } from './zone.ts';

/** `day` is a day's midnight as UTC shows it, `minutes` the time on its wall, null where none was said. */
export type Spoken =
  | { readonly type: 'length'; readonly ms: number }
  | { readonly type: 'once'; readonly day: number; readonly minutes: number | null }
  | { readonly type: 'every'; readonly ms: number }
  | { readonly type: 'cron'; readonly pattern: string };

type Words = { take(pattern: RegExp): RegExpExecArray | null; left(): string };
type Clock = { readonly minutes: number | null /** Whether the half of the day is known. */; readonly sure: boolean };

const minute = 60_000;
const day = 86_400_000;
const lengths: readonly (readonly [string, number])[] = [
  ['seconds?|secs?|秒钟?', 1000],
  ['minutes?|mins?|分钟?', minute],
  ['hours?|hrs?|h|个?小时|个?钟头?', 60 * minute],
  ['days?|天', day],
  ['weeks?|周|个?星期', 7 * day],
];
const unit = lengths.map(([names]) => names).join('|');
const weekday = '(?:sun|mon|tue|wed|thu|fri|sat)(?:s|nes|rs|ur)?(?:days?)?|(?:周|星期|礼拜)[1-6日天7]';
const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const numbers: Readonly<Record<string, number>> = Object.fromEntries(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
    .split(' ')
    .map((name, value) => [name, value] as const)
    .concat([['thirty', 30] as const, ['forty', 40] as const, ['fifty', 50] as const]),
);
const filler = /\b(?:at|on|in|the|of|for|by|around|about|from|o'?clock|and|um|please|then)\b|[,.，。、的]|大约|大概|都|再过?|过|时候?/g;
/** Where only a part of the day was said, in hours; the usual time where not even that. */
const parts: readonly (readonly [RegExp, number, 'am' | 'pm'])[] = [
  [/凌晨/, 5, 'am'],
  [/(?:this )?morning|早上|早晨|清晨|上午/, 9, 'am'],
  [/afternoon|下午/, 15, 'pm'],
  [/evening|傍晚/, 19, 'pm'],
  [/night|晚上|夜里|晚/, 20, 'pm'],
];
const usualHour = 9;

/** Null where a word of it was not understood. */
export function readSpoken(text: string, now: number, zoneName: string): Spoken | null {
  const zone = zoneOf(zoneName);
  if (zone === null) return null;
  const words = scan(plain(text));
  const spoken = readRecurring(words) ?? readLength(words) ?? readOnce(words, zone, now);
  return words.left() === '' ? spoken : null;
}

/** The instant that was meant: a time alone is the next one, a day alone is meant at nine. Milliseconds since 1970. */
export function instantOf(spoken: Spoken, now: number, zone: Zone): number | null {
  if (spoken.type === 'length') return now + spoken.ms;
  return spoken.type === 'once' ? zone.first(spoken.day + (spoken.minutes ?? usualHour * 60) * minute) : null;
}

/** The same in one step, where the computer is; what comes again and again is answered with `now`. */
export function spokenInstant(text: string, now: number): number | null {
  const [spoken, zone] = [readSpoken(text, now, localZone()), zoneOf(localZone())];
  if (spoken === null || zone === null) return null;
  return spoken.type === 'every' || spoken.type === 'cron' ? now : instantOf(spoken, now, zone);
}

/** Small letters, digits for number words, and one spelling for what has several. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\b(?:tom+or+ow|tmrw|2moro)\b/g, 'tomorrow')
    .replace(/\bevry\b/g, 'every')
    .replace(/[零一二两三四五六七八九十]+/g, (word) => String(chineseNumber(word)))
    .replace(/\b[a-z]+\b/g, (word) => String(numbers[word] ?? word))
    .replace(/\b([2-5]0)[ -]([1-9])\b/g, (_, tens, ones) => String(Number(tens) + Number(ones)))
    .replace(/\bhalf an hour\b|半个?(?:小时|钟头)/g, '30 minutes')
    .replace(/\b(?:an?|1) hour and a half\b|1个半(?:小时|钟头)/g, '90 minutes')
    .replace(/\ba quarter of an hour\b|1刻钟/g, '15 minutes')
    .replace(new RegExp(`\\ban? (?=${unit})`, 'g'), '1 ')
    .replace(/今晚/g, '今天晚上')
    .replace(/明晚/g, '明天晚上')
    .replace(/(今|明)(?:早上?)/g, '$1天早上')
    .replace(/每(早|晚)上?/g, '每天$1上')
    .replace(/\btonight\b/g, 'today night');
}

function chineseNumber(word: string): number | string {
  const digit = (sign: string): number => '零一二三四五六七八九'.indexOf(sign === '两' ? '二' : sign);
  const [tens, ones, more] = word.split('十');
  if (more !== undefined || (ones === undefined && word.length > 1)) return word;
  return ones === undefined ? digit(word) : (tens === '' ? 1 : digit(tens ?? '')) * 10 + (ones === '' ? 0 : digit(ones));
}

function scan(text: string): Words {
  let rest = ` ${text} `;
  return {
    take(pattern) {
      const found = pattern.exec(rest);
      if (found !== null) rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`;
      return found;
    },
    left: () => rest.replace(filler, ' ').trim(),
  };
}

function readLength(words: Words): Spoken | null {
  const found = words.take(new RegExp(`(?:\\b(?:in|after)|再过|过|^)? *(?:about )?(\\d+(?:\\.\\d+)?) ?(${unit})(?: from now)?(?:之后|以后|后)?(?![a-z])`));
  return found === null ? null : { type: 'length', ms: Math.round(Number(found[1]) * lengthOf(found[2] ?? '')) };
}

function lengthOf(name: string): number {
  return lengths.find(([names]) => new RegExp(`^(?:${names})$`).test(name))?.[1] ?? Number.NaN;
}

function readRecurring(words: Words): Spoken | null {
  const interval = words.take(new RegExp(`(?:every|once every|每隔?) ?(\\d+) ?(${unit})(?![a-z])`)) ?? words.take(/\b(hourly|every hour)\b|每个?小时/);
  if (interval !== null) return { type: 'every', ms: interval[2] === undefined ? 60 * minute : Number(interval[1]) * lengthOf(interval[2]) };
  const days = recurringDays(words);
  if (days === null) return null;
  const { minutes } = readClock(words);
  const at = minutes ?? usualHour * 60;
  return { type: 'cron', pattern: `${at % 60} ${Math.floor(at / 60)} ${days}` };
}

/** The last three fields of a cron pattern. */
function recurringDays(words: Words): string | null {
  const weekly = words.take(/\b(?:weekly|once a week)\b|每(?:个?星期|周)(?![1-6日天7])/) !== null;
  const monthly = words.take(/\b(?:monthly|every month|each month|of every month|of each month|once a month)\b|每个?月/) !== null;
  const yearly = words.take(/\bevery year\b|每年/) !== null;
  if (words.take(/\b(?:(?:every|on) weekdays?|weekdays|monday (?:to|through) friday)\b|每?个?工作日|(?:周|星期)1(?:到|至)(?:周|星期)5/) !== null)
    return '* * 1-5';
  if (words.take(/\b(?:every|on) weekends?\b|每个?周末/) !== null) return '* * 0,6';
  if (monthly || yearly) return calendarDays(words, yearly);
  const marked = words.take(new RegExp(`(?:\\b(?:every|each|on)|每逢?个?|逢) ?(${weekday})(?=s\\b|\\W|$|[^a-z])`));
  if (marked !== null && (weekly || !/^ ?on /.test(marked[0]) || /days$/.test(marked[1] ?? '')))
    return `* * ${weekdayNumber(marked[1] ?? '')}${alsoDays(words)}`;
  if (weekly) return weekdayAlone(words);
  const daily = words.take(
    /\b(?:daily|(?:every|each)(?: single)? day|once a day|(?=(?:every|each) (?:morning|evening|night|afternoon))(?:every|each))\b|每天(?:1次)?|天天/,
  );
  return daily === null ? null : '* * *';
}

function weekdayAlone(words: Words): string | null {
  const found = words.take(new RegExp(`(?:^|\\W)(?:on )?(${weekday})`));
  return found === null ? null : `* * ${weekdayNumber(found[1] ?? '')}${alsoDays(words)}`;
}

function alsoDays(words: Words): string {
  const more = words.take(new RegExp(`(?:and|和) ?((?:周|星期)?[1-6日天7](?!\\d|点|:)|${weekday})`));
  return more === null ? '' : `,${weekdayNumber(more[1] ?? '')}`;
}

function calendarDays(words: Words, yearly: boolean): string | null {
  if (yearly) {
    const date = words.take(new RegExp(`(${month}) (\\d+)(?:st|nd|rd|th)?`)) ?? words.take(/(\d+)月(\d+)[号日]/);
    return date === null ? null : `${date[2]} ${monthNumber(date[1] ?? '') + 1} *`;
  }
  const date = words.take(/\b(first|\d{1,2}(?:st|nd|rd|th))\b|(\d{1,2})[号日]/);
  return date === null ? null : `${date[1] === 'first' ? 1 : Number.parseInt(date[1] ?? date[2] ?? '', 10)} * *`;
}

function weekdayNumber(name: string): number {
  const english = 'sun mon tue wed thu fri sat'.split(' ').indexOf(name.slice(0, 3));
  return english >= 0 ? english : Number(name.at(-1)?.replace(/[日天]/, '0')) % 7;
}

function monthNumber(name: string): number {
  const english = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').indexOf(name.slice(0, 3));
  return english >= 0 ? english : Number(name) - 1;
}

function readOnce(words: Words, zone: Zone, now: number): Spoken | null {
  const wall = zone.wall(now);
  const today = Math.floor(wall / day) * day;
  const found = readDay(words, today);
  const clock = readClock(words);
  if (found === null && clock.minutes === null) return null;
  if (found !== null) return { type: 'once', day: found, minutes: clock.minutes };
  const choices = [0, 720, 1440, 2160]
    .filter((more) => (clock.sure ? more % 1440 === 0 : (clock.minutes ?? 0) < 720 || more % 1440 === 0))
    .map((more) => (clock.minutes ?? 0) + more);
  const next = choices.find((at) => today + at * minute > wall) ?? 0;
  return { type: 'once', day: today + Math.floor(next / 1440) * day, minutes: next % 1440 };
}

/** Midnight of the day that was named. */
function readDay(words: Words, today: number): number | null {
  const near = words.take(/\b(?:(day after )?tomorrow|today|yesterday)\b|大后天|后天|明天|今天|昨天|前天/)?.[0].trim();
  const nearDays: Readonly<Record<string, number>> = {
    'day after tomorrow': 2,
    tomorrow: 1,
    today: 0,
    yesterday: -1,
    大后天: 3,
    后天: 2,
    明天: 1,
    今天: 0,
    昨天: -1,
    前天: -2,
  };
  if (near !== undefined) return today + (nearDays[near] ?? 0) * day;
  const iso = words.take(/(\d{4})-(\d{1,2})-(\d{1,2})/) ?? words.take(/(\d{4})年(\d{1,2})月(\d{1,2})[日号]/);
  if (iso !== null) return Date.UTC(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  const date = words.take(new RegExp(`(${month})\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b`)) ?? words.take(/(\d{1,2})月(\d{1,2})[日号]/);
  if (date !== null) return comingDate(today, monthNumber(date[1] ?? ''), Number(date[2]));
  const turned = words.take(new RegExp(`(\\d{1,2})(?:st|nd|rd|th)?\\.?(?: of)? (${month})`));
  if (turned !== null) return comingDate(today, monthNumber(turned[2] ?? ''), Number(turned[1]));
  return readWeek(words, today) ?? dayOfMonth(words, today);
}

function readWeek(words: Words, today: number): number | null {
  const since = (new Date(today).getUTCDay() + 6) % 7;
  const named = words.take(new RegExp(`(next |this |下个?|这个?|本)?(${weekday})(?![a-z])`));
  if (named !== null) {
    const wanted = (weekdayNumber(named[2] ?? '') + 6) % 7;
    const ahead = /next|下/.test(named[1] ?? '') ? 7 - since + wanted : /本|这/.test(named[1] ?? '') ? wanted - since : (wanted - since + 7) % 7;
    return today + ahead * day;
  }
  if (words.take(/next week|下个?(?:周|星期)(?!末)/) !== null) return today + (7 - since) * day;
  return words.take(/(?:this )?weekend|这?个?周末/) === null ? null : today + ((12 - since) % 7) * day;
}

function dayOfMonth(words: Words, today: number): number | null {
  const found = words.take(/\b(\d{1,2})(?:st|nd|rd|th)\b|(\d{1,2})[号日]/);
  if (found === null) return null;
  const [date, at] = [Number(found[1] ?? found[2]), new Date(today)];
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + (date < at.getUTCDate() ? 1 : 0), date);
}

function comingDate(today: number, monthIndex: number, date: number): number {
  const year = new Date(today).getUTCFullYear();
  const here = Date.UTC(year, monthIndex, date);
  return here < today ? Date.UTC(year + 1, monthIndex, date) : here;
}

function readClock(words: Words): Clock {
  const part = parts.find(([name]) => words.take(name) !== null);
  const noon = words.take(/\b(?:noon|lunchtime)\b|正午|中午/) !== null;
  const read = clockNumbers(words);
  if (read === null) return { minutes: noon ? 720 : words.take(/midnight|午夜|半夜/) !== null ? 0 : part === undefined ? null : part[1] * 60, sure: true };
  const half = read.half ?? part?.[2] ?? (noon ? 'pm' : undefined);
  const hour = half === undefined || read.hour > 12 ? read.hour : (read.hour % 12) + (half === 'pm' ? 12 : 0);
  // Without a half of the day, a small hour of a named day is one of the afternoon.
  const assumed = half === undefined && !read.exact && hour >= 1 && hour < 7 ? hour + 12 : hour;
  return { minutes: (((assumed * 60 + read.minutes) % 1440) + 1440) % 1440, sure: half !== undefined || read.exact };
}

type Read = { readonly hour: number; readonly minutes: number; readonly half?: 'am' | 'pm' | undefined /** As on a digital clock. */; readonly exact: boolean };

function clockNumbers(words: Words): Read | null {
  const digital = words.take(/(\d{1,2})[:.](\d\d) ?(am|pm)?/);
  if (digital !== null)
    return {
      hour: Number(digital[1]),
      minutes: Number(digital[2]),
      half: digital[3] as 'am' | 'pm' | undefined,
      exact: (digital[1] ?? '').length === 2 && digital[3] === undefined,
    };
  const half = words.take(/(\d{1,2}) ?(am|pm)\b/);
  if (half !== null) return { hour: Number(half[1]), minutes: 0, half: half[2] as 'am' | 'pm', exact: false };
  const past = words.take(/(half|quarter|\d{1,2}) (past|to) (\d{1,2})/);
  if (past !== null) {
    const amount = past[1] === 'half' ? 30 : past[1] === 'quarter' ? 15 : Number(past[1]);
    return { hour: Number(past[3]), minutes: past[2] === 'past' ? amount : -amount, exact: false };
  }
  const chinese = words.take(/(\d{1,2})(?:点钟?|时)(?:(半)|([13])刻|(\d{1,2})分?)?/);
  if (chinese !== null)
    return { hour: Number(chinese[1]), minutes: chinese[2] !== undefined ? 30 : Number(chinese[3] ?? 0) * 15 + Number(chinese[4] ?? 0), exact: false };
  const bare = words.take(/(?<![\d-])(\d{1,2})(?: ([0-5]\d))?(?: o'?clock)?(?![\d%])/);
  return bare === null || Number(bare[1]) > 23 ? null : { hour: Number(bare[1]), minutes: Number(bare[2] ?? 0), exact: false };
}

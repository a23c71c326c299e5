// Times as people say them, in English and Chinese, once or again and again: "tomorrow at half past six", "every weekday at 9", 每周五下午5点. What is not understood to the last word is refused.
import spellings from './spoken.json' with { type: 'json' };
import { localZone, type Zone, zoneOf } from './zone.ts';

export type Spoken =
  | { readonly type: 'length' | 'every'; readonly ms: number }
  /** `day` is a day's midnight as UTC shows it, `minutes` the time on its wall, null where none was said. */
  | { readonly type: 'once'; readonly day: number; readonly minutes: number | null }
  | { readonly type: 'cron'; readonly pattern: string };

/** Takes what it finds out of the text. */
type Take = (pattern: RegExp) => RegExpExecArray | null;

const minute = 60_000;
const day = 86_400_000;
const lengths: Readonly<Record<string, number>> = { s: 1000, m: minute, h: 60 * minute, d: day, w: 7 * day };
const unit = '(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])';
const weekday = '(sun|mon|tue|wed|thu|fri|sat)(?:s|nes|rs?|ur)?(?:day)?(?![a-z])';
const month = '(?<month>month\\d+|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)';
const numbers =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(' ');
const filler = /\b(?:at|on|in|the|of|for|by|around|about|from|o'?clock|and|then|this|please)\b|[,.，。、的都]|大约|大概|再?过|时候?/g;
/** Hours that are meant where only a part of the day was said. */
const parts: Readonly<Record<string, number>> = { dawn: 5, morning: 9, noon: 12, afternoon: 15, evening: 19, night: 20, midnight: 24 };
const usualMinutes = 9 * 60;

/** Null where a word of it was not understood. */
export function readSpoken(text: string, now: number, zoneName: string): Spoken | null {
  const zone = zoneOf(zoneName);
  let rest = ` ${plain(text)} `.replace(/ +/g, ' ');
  const take: Take = (pattern) => {
    const found = pattern.exec(rest);
    if (found !== null) rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`;
    return found;
  };
  const spoken = zone === null ? null : (readRecurring(take) ?? readLength(take) ?? readOnce(take, zone.wall(now)));
  return rest.replace(filler, ' ').trim() === '' ? spoken : null;
}

/** A time alone is the next one, a day alone is meant at nine. Milliseconds; null for what comes again and again. */
export function instantOf(spoken: Spoken, now: number, zone: Zone): number | null {
  if (spoken.type === 'length') return now + spoken.ms;
  return spoken.type === 'once' ? zone.first(spoken.day + (spoken.minutes ?? usualMinutes) * minute) : null;
}

/** Both in one step, where the computer is; what comes again and again is answered with `now`. */
export function spokenInstant(text: string, now: number): number | null {
  const [spoken, zone] = [readSpoken(text, now, localZone()), zoneOf(localZone())];
  return spoken === null || zone === null ? null : spoken.type === 'every' || spoken.type === 'cron' ? now : instantOf(spoken, now, zone);
}

/** Digits for number words, and one spelling, an English one, for what has several. */
function plain(text: string): string {
  const digits = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[零一二两三四五六七八九十]+/g, chineseNumber)
    .replace(/\b(twenty|thirty|forty|fifty)[ -]?(one|two|three|four|five)?\b/g, (_, tens: string, ones = 'zero') =>
      String(['twenty', 'thirty', 'forty', 'fifty'].indexOf(tens) * 10 + 20 + numbers.indexOf(String(ones))),
    )
    .replace(/\b[a-z]+\b/g, (word) => (numbers.includes(word) ? String(numbers.indexOf(word)) : word));
  return spellings.reduce((rest, [pattern = '', spelling = '']) => rest.replace(new RegExp(pattern, 'g'), spelling), digits);
}

function chineseNumber(word: string): string {
  const digit = (sign: string): number => '零一二三四五六七八九'.indexOf(sign === '两' ? '二' : sign);
  const [tens = '', ones, more] = word.split('十');
  if (more !== undefined || tens.length > 1) return word;
  return String(ones === undefined ? digit(tens) : (tens === '' ? 1 : digit(tens)) * 10 + (ones === '' ? 0 : digit(ones)));
}

function readLength(take: Take): Spoken | null {
  const found = take(new RegExp(`(?: in| after)?(?: about)? (\\d+(?:\\.\\d+)?) ?${unit}(?: later)?`));
  return found === null ? null : { type: 'length', ms: Math.round(Number(found[1]) * (lengths[found[2]?.[0] ?? ''] ?? Number.NaN)) };
}

function readRecurring(take: Take): Spoken | null {
  const interval = take(new RegExp(` every (\\d+) ?${unit}`));
  if (interval !== null) return { type: 'every', ms: Number(interval[1]) * (lengths[interval[2]?.[0] ?? ''] ?? Number.NaN) };
  const days = recurringDays(take);
  if (days === null) return null;
  const minutes = readClock(take).minutes ?? usualMinutes;
  return { type: 'cron', pattern: `${minutes % 60} ${Math.floor(minutes / 60) % 24} ${days}` };
}

/** The last three fields of a cron pattern. */
function recurringDays(take: Take): string | null {
  if (take(/ every workday /) !== null) return '* * 1-5';
  if (take(/ every weekend /) !== null) return '* * 0,6';
  if (take(/ every day /) !== null) return '* * *';
  if (take(/ every month /) !== null) {
    const date = take(/ (first|\d{1,2}(?=st|nd|rd|th))(?:st|nd|rd|th)? /)?.[1];
    return date === undefined ? null : `${date === 'first' ? 1 : date} * *`;
  }
  if (take(/ every year /) !== null) {
    const date = take(new RegExp(`${month} (\\d{1,2})(?:st|nd|rd|th)?`));
    return date === null ? null : `${date[2]} ${monthNumber(date[1] ?? '')} *`;
  }
  const weekly = take(/ every week /) !== null;
  const first = take(new RegExp(` (?:every ${weekly ? ')?(?:' : ''}|every on )(?:on )?${weekday}`));
  if (first === null) return null;
  const more = take(new RegExp(` (?:and|和) ?(?:every )?${weekday}`));
  return `* * ${[first, ...(more === null ? [] : [more])].map((found) => weekdayNumber(found[1])).join(',')}`;
}

function weekdayNumber(name = ''): number {
  return 'sun mon tue wed thu fri sat'.split(' ').indexOf(name);
}

function monthNumber(name: string): number {
  return Number(/^month(\d+)/.exec(name)?.[1]) || 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').indexOf(name.slice(0, 3)) + 1;
}

/** `wall` is what the clock on the wall shows now. */
function readOnce(take: Take, wall: number): Spoken | null {
  const today = Math.floor(wall / day) * day;
  const dated = readDate(take, today);
  const named = dated ?? readWeek(take, today) ?? dayOfMonth(take, new Date(today));
  const { minutes, sure } = readClock(take);
  if (Number.isNaN(named)) return null;
  // "Friday 9:00" said on a Friday afternoon is next week's.
  const isOver = dated === null && named === today && minutes !== null && today + minutes * minute <= wall;
  if (named !== null) return { type: 'once', day: isOver ? named + 7 * day : named, minutes };
  if (minutes === null) return null;
  const next = [0, 720, 1440, 2160].filter((more) => more % 1440 === 0 || !sure).find((more) => today + (minutes + more) * minute > wall) ?? 0;
  // The small hours were taken for those of the afternoon.
  const at = !sure && minutes >= 720 && today + (minutes - 720) * minute > wall ? minutes - 720 : minutes + next;
  return { type: 'once', day: today + Math.floor(at / 1440) * day, minutes: at % 1440 };
}

/** Midnight of the day that was named; NaN where the calendar has no such day. */
function readDate(take: Take, today: number): number | null {
  const near = take(/ ([+-]\d) (?!later)/);
  if (near !== null) return today + Number(near[1]) * day;
  const iso = take(/(\d{4})-(\d{1,2})-(\d{1,2})/);
  if (iso !== null) return midnight(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const year = new Date(today).getUTCFullYear();
  const date =
    take(new RegExp(`${month}\\.? (?<date>\\d{1,2})(?:st|nd|rd|th)?(?![:\\d])`)) ?? take(new RegExp(`(?<date>\\d{1,2})(?:st|nd|rd|th)?\\.?(?: of)? ${month}`));
  if (date === null) return null;
  const [index, at] = [monthNumber(date.groups?.['month'] ?? ''), Number(date.groups?.['date'])];
  // A leap day may be years away.
  return Array.from({ length: 9 }, (_, more) => midnight(year + more, index, at)).find((here) => here >= today) ?? Number.NaN;
}

function midnight(year: number, month: number, date: number): number {
  const at = new Date(Date.UTC(year, month - 1, date));
  return at.getUTCDate() === date && month >= 1 && month <= 12 ? at.getTime() : Number.NaN;
}

function readWeek(take: Take, today: number): number | null {
  const since = (new Date(today).getUTCDay() + 6) % 7;
  const named = take(new RegExp(` (next |this )?${weekday}`));
  if (named !== null) {
    const wanted = (weekdayNumber(named[2]) + 6) % 7;
    return today + (named[1] === 'next ' ? 7 - since + wanted : (wanted - since + 7) % 7) * day;
  }
  if (take(/ next week /) !== null) return today + (7 - since) * day;
  return take(/ weekend /) === null ? null : today + Math.max(0, 5 - since) * day;
}

function dayOfMonth(take: Take, today: Date): number | null {
  const date = Number(take(/ (\d{1,2})(?:st|nd|rd|th) /)?.[1] ?? Number.NaN);
  if (Number.isNaN(date)) return null;
  const months = Array.from({ length: 12 }, (_, more) => new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + more, date)));
  return months.find((at) => at.getUTCDate() === date && at >= today)?.getTime() ?? Number.NaN;
}

/** `sure` where the half of the day is known. */
function readClock(take: Take): { readonly minutes: number | null; readonly sure: boolean } {
  const part = take(/ (dawn|morning|noon|afternoon|evening|night|midnight) /)?.[1];
  const usual = part === undefined ? undefined : parts[part];
  const found = take(/ ([01]?\d|2[0-4]):(-?[0-5]?\d)([ap]m|oral)? /) ?? take(/(?<! in| after) ([01]?\d|2[0-4])(?: ([0-5]\d))?(?: o'?clock)? (?!\d)/);
  if (found === null) return { minutes: usual === undefined ? null : (usual * 60) % 1440, sure: true };
  const hour = Number(found[1]);
  const half = found[3] === 'am' || found[3] === 'pm' ? found[3] : usual === undefined ? undefined : usual >= 12 && usual < 24 ? 'pm' : 'am';
  const digital = found[0].includes(':') && found[3] === undefined;
  const sure = half !== undefined || hour > 12 || hour === 0 || (digital && found[1]?.length === 2 && hour < 10);
  // "At 3" is said of the afternoon, "3:30" may be either.
  const at = half === undefined || hour > 12 ? (sure || digital || hour > 6 ? hour : hour + 12) : (hour % 12) + (half === 'pm' ? 12 : 0);
  return { minutes: (at * 60 + Number(found[2] ?? 0) + 1440) % 1440, sure };
}

// Times in words: when something was said, and which stretch of time a question asks about. Local time throughout.

/** Milliseconds since 1970; `until` is the first moment after it. */
export type Span = { readonly from: number; readonly until: number };

/** A stretch of time by something that happened: "before the trip". */
export type Relative = { readonly side: 'before' | 'after'; readonly event: string };

const day = 86_400_000;
const months = 'january february march april may june july august september october november december'.split(' ');
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const month = `(${months.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)}|\\.)?`).join('|')}|sept)`;
const seasons: Readonly<Record<string, number>> = { spring: 2, summer: 5, fall: 8, autumn: 8, winter: 11 };

/** A number (milliseconds, or seconds since 1970), ISO 8601, or a date as people write it, with or without a time. Null where it is none of these. */
export function parseTime(value: unknown): number | null {
  if (typeof value === 'number') return valid(Math.abs(value) < 1e11 ? value * 1000 : value);
  if (typeof value !== 'string') return null;
  const text = value.trim().toLowerCase();
  if (/^-?\d{9,16}$/.test(text)) return parseTime(Number(text));
  if (/^[+-]?\d{4,6}-\d\d/.test(text)) return valid(Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : value.trim()));
  const clock = /(\d{1,2}):(\d\d)(?::(\d\d))?\s*(am|pm)?/.exec(text);
  const hour = clock === null ? 0 : (Number(clock[1]) % (clock[4] === undefined ? 24 : 12)) + (clock[4] === 'pm' ? 12 : 0);
  const [year, at, date] = dateIn(text) ?? [Number.NaN, 0, 1];
  return valid(at, date, year, hour, Number(clock?.[2] ?? 0), Number(clock?.[3] ?? 0));
}

/**
 * The stretches of time that a question names. A month or day without a year means each such one within `known`, the times there is something from;
 * "last May" and "yesterday" count from `now`.
 */
export function spansIn(query: string, now: number, known: Span): Span[] {
  const text = query.toLowerCase();
  const years = (year: string | undefined): number[] => (year === undefined ? yearsOf(known) : [Number(year)]);
  const relative = relativeSpan(text, now);
  if (relative !== null) return [relative];
  const exact = /\b(\d{4})-(\d\d)-(\d\d)\b/.exec(text) ?? /(\d{4})年(\d{1,2})月(\d{1,2})[日号]/.exec(text);
  if (exact !== null) return [dates(Number(exact[1]), Number(exact[2]) - 1, Number(exact[3]), 1)];
  const dated = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${month}\\b(?:,? (\\d{4}))?`).exec(text);
  if (dated !== null) return years(dated[3]).map((year) => dates(year, monthOf(dated[2]), Number(dated[1]), 1));
  const named = new RegExp(`\\b${month} (\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (\\d{4}))?`).exec(text);
  if (named !== null) return years(named[3]).map((year) => dates(year, monthOf(named[1]), Number(named[2]), 1));
  const chinese = /(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})[日号])?/.exec(text);
  if (chinese !== null) {
    const [, year, at, date] = chinese;
    return years(year).map((one) => (date === undefined ? wholeMonths(one, Number(at) - 1, 1) : dates(one, Number(at) - 1, Number(date), 1)));
  }
  // "may" is more often a verb: as a month it stands behind a word of time or before a year.
  const whole = new RegExp(`\\b(?:(in|during|of|since|until|by|this|next|early|late|mid) )?${month}\\b(?:,? (\\d{4}))?`).exec(text);
  if (whole !== null && (whole[2] !== 'may' || (whole[1] ?? whole[3]) !== undefined))
    return years(whole[3]).map((year) => wholeMonths(year, monthOf(whole[2]), 1));
  const season = /\b(spring|summer|fall|autumn|winter)\b(?: of)?(?:,? (\d{4}))?/.exec(text);
  if (season !== null) return years(season[2]).map((year) => wholeMonths(year, seasons[season[1] ?? ''] ?? 0, 3));
  const year = /\b((?:1[89]|20)\d\d)\b/.exec(text) ?? /(\d{4})年/.exec(text);
  return year === null ? [] : [wholeMonths(Number(year[1]), 0, 12)];
}

/** "before the trip", "after my surgery": the words of the event, and on which side of it. */
export function relativeIn(query: string): Relative | null {
  const found = /\b(before|until|prior to|after|since|following)\s+((?:the|my|our|his|her|their|\w+'s)\s+[^,?.!]+)/i.exec(query);
  if (found !== null) return { side: /before|until|prior/i.test(found[1] ?? '') ? 'before' : 'after', event: found[2] ?? '' };
  const chinese = /(\p{Script=Han}{2,12}?)(?:之|以)?(前|后)/u.exec(query);
  return chinese === null || /^[以之]/.test(chinese[1] ?? '') ? null : { side: chinese[2] === '前' ? 'before' : 'after', event: chinese[1] ?? '' };
}

function relativeSpan(text: string, now: number): Span | null {
  const today = new Date(now);
  const [year, at, date] = [today.getFullYear(), today.getMonth(), today.getDate()];
  const monday = date - ((today.getDay() + 6) % 7);
  const ago = /\b(\d+|a|an|one|two|three|four|five|six) (day|week|month|year)s? ago\b/.exec(text) ?? /(\d+)\s*(天|周|星期|个月|年)前/.exec(text);
  if (ago !== null) return backFrom(year, at, date, countOf(ago[1] ?? ''), ago[2] ?? '');
  const said: readonly (readonly [RegExp, () => Span])[] = [
    [/\byesterday\b|昨天|昨晚/, () => dates(year, at, date - 1, 1)],
    [/前天/, () => dates(year, at, date - 2, 1)],
    [/\b(today|tonight|this morning)\b|今天|今晚/, () => dates(year, at, date, 1)],
    [/\btomorrow\b|明天/, () => dates(year, at, date + 1, 1)],
    [/\blast week(end)?\b|上个?(周|星期)/, () => dates(year, at, monday - 7, 7)],
    [/\bthis week(end)?\b|[本这]个?(周|星期)/, () => dates(year, at, monday, 7)],
    [/\blast month\b|上个?月/, () => wholeMonths(year, at - 1, 1)],
    [/\bthis month\b|[本这]个?月/, () => wholeMonths(year, at, 1)],
    [/\blast year\b|去年/, () => wholeMonths(year - 1, 0, 12)],
    [/\bthis year\b|今年/, () => wholeMonths(year, 0, 12)],
    [/前年/, () => wholeMonths(year - 2, 0, 12)],
  ];
  const direct = said.find(([pattern]) => pattern.test(text));
  if (direct !== undefined) return direct[1]();
  const last = new RegExp(`\\blast (?:${month}|(spring|summer|fall|autumn|winter)|(${weekdays.join('|')}))\\b`).exec(text);
  if (last === null) return null;
  if (last[3] !== undefined) return dates(year, at, date - (((today.getDay() - weekdays.indexOf(last[3]) + 6) % 7) + 1), 1);
  const [start, length] = last[1] === undefined ? [seasons[last[2] ?? ''] ?? 0, 3] : [monthOf(last[1]), 1];
  return wholeMonths(start + length <= at ? year : year - 1, start, length);
}

/** A week, a month or a year ago is a stretch around that day; days are counted exactly. */
function backFrom(year: number, at: number, date: number, count: number, unit: string): Span {
  if (unit === 'day' || unit === '天') return dates(year, at, date - count, 1);
  if (unit === 'week' || unit === '周' || unit === '星期') return dates(year, at, date - 7 * count - 3, 7);
  return unit === 'month' || unit === '个月' ? dates(year, at - count, date - 10, 20) : wholeMonths(year - count, 0, 12);
}

function countOf(word: string): number {
  const named = ['one', 'two', 'three', 'four', 'five', 'six'].indexOf(word);
  return named >= 0 ? named + 1 : Number(word) || 1;
}

/** Year, month from 0, day. */
function dateIn(text: string): readonly [number, number, number] | null {
  const dated = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${month},? (\\d{1,4})\\b`).exec(text);
  if (dated !== null) return [Number(dated[3]), monthOf(dated[2]), Number(dated[1])];
  const named = new RegExp(`\\b${month} (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{1,4})\\b`).exec(text);
  if (named !== null) return [Number(named[3]), monthOf(named[1]), Number(named[2])];
  const numbers = /(\d{4})[年/.](\d{1,2})[月/.](\d{1,2})/.exec(text);
  return numbers === null ? null : [Number(numbers[1]), Number(numbers[2]) - 1, Number(numbers[3])];
}

function monthOf(name: string | undefined): number {
  return months.findIndex((one) => one.startsWith((name ?? '').slice(0, 3)));
}

function yearsOf({ from, until }: Span): number[] {
  const [first, last] = [new Date(from).getFullYear(), new Date(until).getFullYear()];
  return Array.from({ length: Math.min(30, last - first + 1) }, (_, back) => last - back);
}

function wholeMonths(year: number, start: number, count: number): Span {
  return { from: moment(year, start, 1), until: moment(year, start + count, 1) };
}

function dates(year: number, at: number, date: number, count: number): Span {
  return { from: moment(year, at, date), until: moment(year, at, date + count) };
}

/** `new Date(99, …)` would be 1999. */
function moment(year: number, at: number, date: number, hour = 0, minute = 0, second = 0): number {
  const made = new Date(2000, 0, 1, hour, minute, second);
  return made.setFullYear(year, at, date);
}

function valid(at: number, date?: number, year?: number, hour?: number, minute?: number, second?: number): number | null {
  const time = date === undefined ? at : moment(year ?? 0, at, date, hour, minute, second);
  return Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? Math.trunc(time) : null;
}

/** How far outside a stretch a time lies, in days: negative before it. */
export function daysOutside(at: number, { from, until }: Span): number {
  if (at < from) return (at - from) / day;
  return at < until ? 0 : (at - until) / day;
}

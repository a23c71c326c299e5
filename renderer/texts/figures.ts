// Times, durations and quantities in words, as the person's language writes them.
import type { Say } from './texts.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** For the list: the clock today, the weekday this week, else the date. Times are milliseconds since 1970. */
export function shortTime(at: number, now: number, locale: string): string {
  const days = daysBetween(at, now);
  if (days === 0) return clock(at, locale);
  if (days < 7) return new Intl.DateTimeFormat(locale, { weekday: 'short' }).format(at);
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }).format(at);
}

/** For the thread's separators: today and yesterday in words, else the whole date. */
export function dayName(at: number, now: number, locale: string): string {
  const days = daysBetween(at, now);
  if (days < 2) return capital(new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day'), locale);
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', ...year }).format(at);
}

export function clock(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** Day and time, for something to come. */
export function moment(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'short', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }).format(at);
}

/** `8 s`, `4 min 10 s`, `3 h 5 min`. */
export function duration(milliseconds: number, say: Say): string {
  const ms = Math.max(0, milliseconds);
  if (ms < minute) return say('time.seconds', { seconds: Math.floor(ms / 1000) });
  if (ms < hour) return say('time.minutes', { minutes: Math.floor(ms / minute), seconds: Math.floor((ms % minute) / 1000) });
  return say('time.hours', { hours: Math.floor(ms / hour), minutes: Math.floor((ms % hour) / minute) });
}

export function count(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: value < 100 ? 1 : 0 }).format(value);
}

/** Bytes as `1.2 GB`, in powers of a thousand. */
export function size(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const unit = units[power] ?? 'byte';
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: power > 2 ? 1 : 0 }).format(bytes / 1000 ** power);
}

/** Midnights that lie between two times. */
export function daysBetween(at: number, now: number): number {
  return Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / day);
}

function capital(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

// Lengths of time as people write them (`90s`, `1h30m`, "2 hours", 两小时 as 2小时) and as they are said.
import type { Language } from '../../contract/words.ts';

const units = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

const spellings: readonly (readonly [RegExp, keyof typeof units])[] = [
  [/^(s|sec|secs|seconds?|秒钟?)$/, 'second'],
  [/^(m|min|mins|minutes?|分钟?)$/, 'minute'],
  [/^(h|hr|hrs|hours?|小时|个小时)$/, 'hour'],
  [/^(d|days?|天|日)$/, 'day'],
  [/^(w|weeks?|周|个?星期)$/, 'week'],
];

/** Milliseconds, or null where the text is no length of time. */
export function parseDuration(text: string): number | null {
  const compact = text.toLowerCase().replace(/\s+|,|\band\b/g, '');
  const pieces = [...compact.matchAll(/(\d+(?:\.\d+)?)([^\d.]+)/g)];
  if (pieces.length === 0 || pieces.map(([piece]) => piece).join('') !== compact) return null;
  let sum = 0;
  for (const [, amount, spelling = ''] of pieces) {
    const unit = spellings.find(([pattern]) => pattern.test(spelling))?.[1];
    if (unit === undefined) return null;
    sum += Number(amount) * units[unit];
  }
  const ms = Math.round(sum);
  return Number.isSafeInteger(ms) && ms > 0 ? ms : null;
}

/** "2 hours", "1 day, 6 hours"; the exact length, rounded to whole seconds. */
export function sayDuration(ms: number, language: Language): string {
  const whole = Math.round(ms / 1000);
  const parts = { days: Math.floor(whole / 86_400), hours: Math.floor(whole / 3600) % 24, minutes: Math.floor(whole / 60) % 60, seconds: whole % 60 };
  return new Intl.DurationFormat(language, { style: 'long' }).format(parts);
}

/** "2 hours" but "hour": what follows "every". */
export function sayEvery(ms: number, language: Language): string {
  const words = sayDuration(ms, language);
  return language === 'zh' ? `每${words}` : `every ${words.replace(/^1 (\w+)$/, '$1')}`;
}

// Puts cron patterns into words; those that would say less than the pattern does are left to whoever can show their next times instead.
import cronstrue from 'cronstrue';
import 'cronstrue/locales/zh_CN.js';
import type { Language } from '../contract/words.ts';

/** Digits, names of days or of months, and what stands between them. The other letters mean something else to Croner. */
const plainField = /^(?:[\d*,/-]+|[a-z]{3}(?:[,-][a-z]{3})*)$/i;

/** Null where the words would leave something out. */
export function sayCron(pattern: string, language: Language): string | null {
  const fields = pattern.trim().split(/\s+/);
  const [minute = '', hour = '', date = '', , weekday = ''] = fields;
  // Of a day of the month and one of the week, either is enough.
  if (!fields.every((field) => plainField.test(field)) || (date !== '*' && weekday !== '*') || leavesRest(minute, 60) || leavesRest(hour, 24)) return null;
  const isDaily = date === '*' && weekday === '*' && /^\d/.test(hour);
  const words = cronstrue.toString(pattern, { locale: language === 'zh' ? 'zh_CN' : 'en', use24HourTimeFormat: true, verbose: isDaily });
  return language === 'zh' ? words.replaceAll(', ', '，').replace(/ +/g, ' ') : words.charAt(0).toLowerCase() + words.slice(1);
}

/** A step that does not divide evenly leaves a shorter rest, which "every" would hide. */
function leavesRest(field: string, whole: number): boolean {
  const step = Number(/\/(\d+)$/.exec(field)?.[1] ?? 1);
  return step === 0 || whole % step !== 0;
}

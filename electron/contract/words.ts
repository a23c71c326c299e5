// In which language is spoken; checks, grants and times as people type them: the same words in the form, on the command line, in a model's call and in the report.
import type { Check } from './acceptance.ts';
import type { TaskGrant } from './grant.ts';

/** Stands for a line break, so that every check has one line. */
export const lineBreak = ' ⏎ ';

/** What `parseCheck` reads as the same check; only the fingerprint of `unchanged` is not said. */
export function sayCheck(check: Check): string {
  switch (check.type) {
    case 'command':
      return `run ${check.command.replaceAll('\n', lineBreak)}`;
    case 'file':
      return `file ${quoted(check.path)}${check.matches === undefined ? '' : ` matches ${check.matches}`}`;
    case 'unchanged':
      return `unchanged ${quoted(check.path)}`;
    case 'schema':
      return `schema ${quoted(check.path)} ${JSON.stringify(check.schema)}`;
    case 'count':
      return `count ${quoted(check.files)} ${range(check.least ?? 0, check.most)}`;
    case 'each':
      return `each ${quoted(check.files)}${check.least === undefined ? '' : ` ${range(check.least)}`} matches ${check.matches}`;
  }
}

export function sayGrant({ tool, pattern }: TaskGrant): string {
  return pattern === null ? tool : `${tool}:${pattern}`;
}

/** In the person's own zone, as `2026-11-22 09:00`. `at` is in milliseconds since 1970. */
export function wallText(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16).replace('T', ' ');
}

export type Language = 'en' | 'zh';

/** The language of the settings, else that of the system; `locale` is its tag. */
export function languageFor(setting: 'system' | Language, locale: string): Language {
  if (setting !== 'system') return setting;
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

function range(least: number, most?: number): string {
  if (most === undefined) return `${least}+`;
  return least === most ? String(least) : `${least}-${most}`;
}

/** A name that could be taken for what follows it is written as JSON. */
function quoted(path: string): string {
  return /^"|\s(matches\s|\{|\d+[+-]?\d*$)|\n/.test(path) ? JSON.stringify(path) : path;
}

// What the command line says, in English and in Chinese. Faults bring their own sentences.
import en from './en.json' with { type: 'json' };
import zh from './zh.json' with { type: 'json' };

export type Texts = typeof en;

export function textsFor(locale: string): Texts {
  return /^zh\b/i.test(locale) ? zh : en;
}

/** The language tag of a terminal: `zh_CN.UTF-8` is zh-CN; C and POSIX are English. */
export function localeOf(env: Readonly<Record<string, string | undefined>>): string {
  const set = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || Intl.DateTimeFormat().resolvedOptions().locale;
  const tag = set.replace(/[.@].*$/, '').replace('_', '-');
  return /^[a-z]{2,3}(-|$)/i.test(tag) ? tag : 'en';
}

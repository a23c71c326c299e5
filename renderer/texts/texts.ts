// Gives every component its words in the person's language, and turns faults into sentences.
import { createInstance, type i18n } from 'i18next';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '../../electron/contract/fault.ts';
import { tellFault } from '../../electron/contract/tell.ts';
import type { Language } from '../../electron/contract/words.ts';
import en from './en.json';
import zh from './zh.json';

type WithoutPlural<K> = K extends `${infer Base}_${'one' | 'other'}` ? Base : K;
export type TextKey = WithoutPlural<Extract<keyof typeof en, string>>;
export type Say = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

export function createTexts(language: Language): i18n {
  const texts = createInstance();
  void texts.init({
    lng: language,
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    ns: ['words'],
    defaultNS: 'words',
    fallbackLng: false,
    resources: { en: { words: en }, zh: { words: zh } },
    interpolation: { escapeValue: false },
  });
  return texts;
}

export type Texts = ReturnType<typeof useTexts>;

export function useTexts() {
  const { t, i18n } = useTranslation();
  const say = useCallback<Say>((key, values) => t(key, { ...values }), [t]);
  /** For `Intl`. */
  const locale = i18n.language === 'zh' ? 'zh-CN' : navigator.language.startsWith('en') ? navigator.language : 'en';
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const tell = useCallback((fault: Fault) => tellFault(fault, language), [language]);
  return useMemo(() => ({ say, tell, language, locale }), [say, tell, language, locale]);
}

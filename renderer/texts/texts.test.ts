import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import faultTexts from '../../electron/contract/faults.json';
import faults from '../../electron/contract/faults-zh.json';
import { tellFault } from '../../electron/contract/tell.ts';
import { languageFor } from '../../electron/contract/words.ts';
import en from './en.json';
import zhWords from './zh.json';

const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.ts'], { query: '?raw', import: 'default', eager: true });
const baseOf = (key: string) => key.replace(/_(one|other)$/, '');
const keysOf = (words: object) => [...new Set(Object.keys(words).map(baseOf))].sort();
const valuesIn = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe('the texts of the window', () => {
  test('are there in both languages, for the same keys', () => {
    expect(keysOf(zhWords)).toEqual(keysOf(en));
  });

  test('have every plural form that their language needs', () => {
    const plurals = Object.keys(en).filter((key) => /_(one|other)$/.test(key));
    expect(plurals.filter((key) => !(`${baseOf(key)}_one` in en && `${baseOf(key)}_other` in en))).toEqual([]);
    expect([...new Set(plurals.map(baseOf))].filter((key) => !(`${key}_other` in zhWords))).toEqual([]);
  });

  test('mention the same values in both languages', () => {
    const chinese: Record<string, string> = zhWords;
    const differing = Object.entries(en).filter(([key, text]) => {
      const other = chinese[key] ?? chinese[`${baseOf(key)}_other`] ?? '';
      return valuesIn(text).join() !== valuesIn(other).join();
    });
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  test('are all used; a key that is not there does not compile', () => {
    const all = keysOf(en);
    const code = Object.values(sources).join('\n');
    const literal = new Set([...code.matchAll(/'([a-z]+(?:[.][A-Za-z0-9]+)+)'/g)].map((match) => match[1] ?? ''));
    const made = [...code.matchAll(/`([a-z]+[.](?:[A-Za-z]+[.])?)\$\{/g)].map((match) => match[1] ?? '');
    expect(all.filter((key) => !literal.has(key) && !made.some((start) => key.startsWith(start)))).toEqual([]);
  });

  test('come from the resources alone: no component holds a sentence of its own', () => {
    const found = Object.entries(sources).flatMap(([path, code]) => (path.endsWith('.tsx') ? sentencesIn(path, code) : []));
    expect(found).toEqual([]);
  });
});

describe('faults', () => {
  test('are told in Chinese for every code, with the same values', () => {
    expect(Object.keys(faults).sort()).toEqual(Object.keys(faultTexts).sort());
    const chinese: Record<string, string> = faults;
    const differing = Object.entries(faultTexts).filter(([code, text]) => valuesIn(text).join() !== valuesIn(chinese[code] ?? '').join());
    expect(differing.map(([code]) => code)).toEqual([]);
  });

  test('are translated by code and values, and shown as they came where the code is not known', () => {
    const tell = (code: string, values: Record<string, string>) => tellFault({ code, values, message: 'As it came.' }, 'zh');
    expect([tell('model.missing', { id: 'x' }), tell('future.fault', {})]).toEqual(['没有名为 x 的模型。', 'As it came.']);
  });
});

test('the language follows the setting, else the system', () => {
  expect([
    languageFor('zh', 'en-GB'),
    languageFor('system', 'zh-CN'),
    languageFor('system', 'zh-Hant-TW'),
    languageFor('system', 'de-DE'),
    languageFor('en', 'zh-CN'),
  ]).toEqual(['zh', 'zh', 'zh', 'en', 'en']);
});

/** Names that are the same in every language. */
const names = new Set(['Nacre', 'hf:owner/repo:Q4_K_M']);
const spoken = new Set(['aria-label', 'title', 'placeholder', 'label', 'alt', 'text', 'hint', 'help']);

function sentencesIn(path: string, code: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const words = wordsOf(node as Record<string, unknown>);
    if (/\p{L}{2,}/u.test(words) && !names.has(words)) found.push(`${path}: ${words}`);
    Object.values(node).forEach(visit);
  };
  visit(parseSync(path, code).program);
  return found;
}

/** What a person would read in a piece of JSX: its text, or the value of an attribute that is read out or shown. */
function wordsOf(node: Record<string, unknown>): string {
  if (node['type'] === 'JSXText') return String(node['value']).trim();
  if (node['type'] !== 'JSXAttribute') return '';
  const name = node['name'] as { name?: unknown };
  const value = node['value'] as { type?: unknown; value?: unknown } | null;
  return spoken.has(String(name.name)) && value?.type === 'Literal' ? String(value.value) : '';
}

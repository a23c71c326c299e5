// A fault as one sentence in the person's language: the English one comes made, the Chinese one is made of its code and values.
import faults from './faults-zh.json' with { type: 'json' };
import headings from './parked-headings.json' with { type: 'json' };

type Values = Readonly<Record<string, string | number>>;
type Told = { readonly code: string; readonly message: string; readonly values?: Values | undefined };
type Asked = { readonly about: string; readonly title: string; readonly caution: Told | null };
/** The report of a run that stands still is kept in English; its headings are their own codes. */
const chinese: Readonly<Record<string, string | undefined>> = { ...faults, ...headings };

/** As it came where its code has no other sentence; nothing for null. */
export function tellFault(fault: Told | null, language: 'en' | 'zh'): string {
  const sentence = language === 'zh' ? chinese[fault?.code ?? ''] : undefined;
  return sentence === undefined ? (fault?.message ?? '') : fill(sentence, fault?.values ?? {});
}

/** What is asked about, in one line: a call says it itself, a run that stands still by its fault. */
export function tellAsked({ about, title, caution }: Asked, language: 'en' | 'zh'): string {
  return about === 'call' || caution === null ? title : tellFault(caution, language);
}

/** Fills `{{name}}` from `values`. */
export function fill(text: string, values: Values): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
}

// What the Starter may write, few words each because it was trained on them, and which calls of Nacre's tools these stand for: the table in calls.json, filled in.
import type { ToolSpec } from '../model.ts';
import table from './calls.json' with { type: 'json' };

/** One short call, as the model wrote it. */
export type Short = { readonly name: ShortName; readonly values: Readonly<Record<string, string>> };
export type ShortName = keyof typeof table.calls;
export type Meant = { readonly tool: string; readonly arguments: Readonly<Record<string, string>> };

type Call = { readonly values: readonly string[]; readonly tool?: string; readonly arguments?: Readonly<Record<string, string>> };

/** The grammar comes from these; the model's template prints none of it. */
export const shortTools: readonly ToolSpec[] = Object.entries(table.calls).map(([name, { values }]) => ({
  name,
  description: '',
  parameters: {
    type: 'object',
    properties: Object.fromEntries(values.map((value) => [value, { type: 'string' }])),
    required: values,
    additionalProperties: false,
  },
}));

/** Before the goal of a reminder, so that whoever runs it knows that it is only to be said. */
export const reminderMark = { en: 'Reminder: ', zh: '提醒：' } as const;

/** Null where no tool is needed: sums, units, the time. `now` is what the person's clock shows. */
export function meantBy({ name, values }: Short, language: 'en' | 'zh', now: Date): Meant | null {
  const call: Call = table.calls[name];
  if (call.tool === undefined) return null;
  const many = name === 'move' ? manyFiles(values['what'] ?? '', now) : null;
  const forms = many === null ? (call.arguments ?? {}) : { command: table.manyFiles };
  const given: Readonly<Record<string, string>> = { ...values, ...many, mark: reminderMark[language] };
  return { tool: call.tool, arguments: Object.fromEntries(Object.entries(forms).map(([key, form]) => [key, filled(form, given)])) };
}

/** `{path}` is the value as it is, `{'path'}` a word of the shell. */
function filled(form: string, values: Readonly<Record<string, string>>): string {
  return form.replace(/\{(')?(\w+)'?\}/g, (_, quote: string | undefined, name: string) => {
    const value = values[name] ?? '';
    return quote === undefined ? value : `'${value.replaceAll("'", `'\\''`)}'`;
  });
}

/** Where all files of a kind are meant, perhaps of one month: what `find` is to look for. Null for one file. */
function manyFiles(what: string, now: Date): { readonly names: string; readonly dates: string } | null {
  const kind = table.kinds.find(([words = '']) => new RegExp(words, 'i').test(what));
  if (kind === undefined || /\.[a-z0-9]{2,4}$/i.test(what)) return null;
  const names = (kind[1] ?? '').split(' ').map((ending) => `-iname '*.${ending}'`);
  const ago = /last month|上个?月/.test(what) ? 1 : /this month|这个?月|本月/.test(what) ? 0 : null;
  const monthStart = (back: number): string => new Date(Date.UTC(now.getFullYear(), now.getMonth() - back, 1)).toISOString().slice(0, 10);
  const until = ago === 1 ? ` ! -newermt ${monthStart(0)}` : '';
  return { names: names.join(' -o '), dates: ago === null ? '' : ` -newermt ${monthStart(ago)}${until}` };
}

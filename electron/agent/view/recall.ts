// The tool recall_step: opens what was compacted again, by the number of its entry or by words in it. The journal keeps all of it.
import { z } from 'zod';
import type { Entry } from '../../contract/entry.ts';
import { type Tool, ToolRefusal } from '../../tools/tool.ts';
import { cut, oneLine } from './fit.ts';

export const recallName = 'recall_step';

const parameters = z.strictObject({ entry: z.int().optional(), find: z.string().optional().describe('words in it') });
type Arguments = z.infer<typeof parameters>;

const shownHits = 5;
const excerpt = 500;

/** `entries` gives all that the run may look back on; `most` is how many characters a result may have. */
export function recallStep(entries: () => readonly Entry[], most: number): Tool {
  const tool: Tool<Arguments> = {
    name: recallName,
    description: 'Opens earlier work that is only shown shortened: an entry by its number, or those that contain words.',
    parameters,
    effect: 'none',
    asks: false,
    title: ({ entry, find }) => [entry === undefined ? '' : `#${entry}`, find ?? ''].join(' ').trim(),
    prepare: async (args) => ({ title: tool.title(args), payload: '', before: null, scope: '' }),
    run: async ({ entry, find }) => {
      if (entry === undefined && find === undefined) throw new ToolRefusal('Give entry, the number after a #, or find, words to look for.');
      const past = entries();
      const output = entry === undefined ? findWords(past, find ?? '', most) : open(past, entry, find, most);
      return { ok: true, output };
    },
  };
  return tool as unknown as Tool;
}

/** Without a run behind it: for titles only. */
export const describedRecallTool = recallStep(() => [], 0);

/** The step that the entry belongs to: a reply with its results, or a message. */
function open(entries: readonly Entry[], id: number, find: string | undefined, most: number): string {
  const at = entries.findIndex((one) => one.id === id);
  if (at === -1) throw new ToolRefusal(`There is no entry #${id} here. Numbers stand after a # in the shortened part; or use find.`);
  const begins = ({ body }: Entry): boolean => body.type === 'reply' || body.type === 'message' || body.type === 'told';
  const from = Math.max(0, entries.slice(0, at + 1).findLastIndex(begins));
  const next = entries.findIndex((one, index) => index > from && begins(one));
  const text = entries
    .slice(from, next === -1 ? undefined : next)
    .map(textOf)
    .join('\n');
  if (find === undefined || text.length <= most) return cut(text, most, '; give find to see the part around some words');
  return partAround(text, termsOf(find), most);
}

/** Rare words count for more, and so do words that stand together; of equals the newest comes first. Only what happened before the last compaction is looked at. */
function findWords(entries: readonly Entry[], find: string, most: number): string {
  const last = entries.findLastIndex(({ body }) => body.type === 'compacted');
  const own = new Set(
    entries.flatMap(({ run, body }) => (body.type === 'reply' ? body.calls.filter(({ tool }) => tool === recallName).map(({ id }) => `${run} ${id}`) : [])),
  );
  const past = entries
    .slice(0, last === -1 ? undefined : last)
    .filter(({ run, body }) => body.type !== 'outcome' || !own.has(`${run} ${body.call}`))
    .map((entry) => ({ entry, text: textOf(entry), score: 0 }));
  const terms = termsOf(find);
  for (const term of terms) {
    const within = past.filter(({ text }) => term.test(text));
    for (const one of within) one.score += Math.log(1 + past.length / within.length);
  }
  const hits = past
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || b.entry.id - a.entry.id)
    .slice(0, shownHits);
  if (hits.length === 0) return 'Nothing of what happened here contains these words.';
  const each = Math.min(excerpt, Math.floor(most / hits.length) - 20);
  return hits.map(({ entry, text }) => `#${entry.id} ${partAround(text, terms, each)}`).join('\n---\n');
}

/** The part of a text in which most of the terms are. */
function partAround(text: string, terms: readonly RegExp[], characters: number): string {
  if (text.length <= characters) return text;
  const starts = terms.map((term) => Math.max(0, text.search(term) - Math.floor(characters / 4)));
  const score = (from: number): number => terms.filter((term) => term.test(text.slice(from, from + characters))).length;
  const best = starts.reduce((chosen, from) => (score(from) > score(chosen) ? from : chosen), 0);
  return `${best > 0 ? '…' : ''}${text.slice(best, best + characters).toWellFormed()}…`;
}

/** The words, and each two that stand together. A word may go on (port, ports), a number may not; Chinese, written without spaces, is taken by two characters. */
function termsOf(find: string): RegExp[] {
  const words = find.match(/\p{Script=Han}{1,2}|(?:(?!\p{Script=Han})[\p{L}\p{N}_./:@-])+/gu) ?? [];
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
  return [...new Set([...words, ...pairs])].map((term) => {
    const source = term.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(' ', '\\W{1,3}');
    if (/\p{Script=Han}/u.test(term)) return new RegExp(source, 'iu');
    return new RegExp(`(?<![\\p{L}\\p{N}])${source}${/[\p{L}]$/u.test(term) ? '' : '(?![\\p{L}\\p{N}])'}`, 'iu');
  });
}

function textOf({ body }: Entry): string {
  if (body.type === 'message' || body.type === 'told') return body.text;
  if (body.type === 'outcome')
    return `${body.status === 'done' ? '' : `[${body.status}] `}${body.output}${body.file === undefined ? '' : `\n[whole output: ${body.file}]`}`;
  if (body.type === 'reply')
    return [body.text, ...body.calls.map((call) => (call.tool === recallName ? '' : `${call.tool} ${call.arguments}`))]
      .filter((text) => text !== '')
      .join('\n');
  if (body.type === 'compacted') return body.prose;
  return body.type === 'planned' ? oneLine(JSON.stringify(body.plan), 4_000) : '';
}

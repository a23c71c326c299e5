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
  const begin = entries.slice(0, at + 1).findLastIndex(({ body }) => body.type === 'reply' || body.type === 'message' || body.type === 'told');
  const rest = entries.slice(Math.max(begin, 0) + 1);
  const next = rest.findIndex(({ body }) => body.type === 'reply' || body.type === 'message' || body.type === 'told');
  const text = [entries[Math.max(begin, 0)], ...rest.slice(0, next === -1 ? undefined : next)]
    .flatMap((one) => (one === undefined ? [] : [textOf(one)]))
    .join('\n');
  if (find === undefined || text.length <= most) return cut(text, most, '; give find to see the part around some words');
  return around(text, wordsOf(find), most);
}

/** Rare words count for more; of equals the newest comes first. */
function findWords(entries: readonly Entry[], find: string, most: number): string {
  const words = wordsOf(find);
  const recalls = new Set(
    entries.flatMap(({ run, body }) => (body.type === 'reply' ? body.calls.flatMap(({ id, tool }) => (tool === recallName ? [`${run} ${id}`] : [])) : [])),
  );
  const texts = entries
    .filter(({ run, body }) => !(body.type === 'outcome' && recalls.has(`${run} ${body.call}`)))
    .map((entry) => ({ entry, text: textOf(entry) }))
    .filter(({ text }) => text !== '');
  const lower = texts.map(({ text }) => text.toLowerCase());
  const weights = words.map((word) => {
    const within = lower.filter((text) => text.includes(word)).length;
    return within === 0 ? 0 : Math.log(1 + texts.length / within);
  });
  const hits = texts
    .map((one, index) => ({ ...one, score: words.reduce((sum, word, which) => sum + (lower[index]?.includes(word) === true ? (weights[which] ?? 0) : 0), 0) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || b.entry.id - a.entry.id)
    .slice(0, shownHits);
  if (hits.length === 0) return 'Nothing of what happened here contains these words.';
  const each = Math.min(excerpt, Math.floor(most / hits.length) - 20);
  return hits.map(({ entry, text }) => `#${entry.id} ${around(text, words, each)}`).join('\n---\n');
}

/** The part of a text in which most of the words are. */
function around(text: string, words: readonly string[], characters: number): string {
  if (text.length <= characters) return text;
  const lower = text.toLowerCase();
  const places = words.flatMap((word) => {
    const at = lower.indexOf(word);
    return at === -1 ? [] : [at];
  });
  const score = (from: number): number => words.filter((word) => lower.slice(from, from + characters).includes(word)).length;
  const starts = places.map((at) => Math.max(0, at - Math.floor(characters / 4)));
  const best = starts.reduce((chosen, from) => (score(from) > score(chosen) ? from : chosen), starts[0] ?? 0);
  return `${best > 0 ? '…' : ''}${text.slice(best, best + characters).toWellFormed()}…`;
}

function wordsOf(find: string): string[] {
  const words = find.toLowerCase().split(/[^\p{L}\p{N}_./:-]+/u);
  // Chinese is written without spaces: two characters are a word.
  const split = words.flatMap((word) =>
    /^\p{Script=Han}{3,}$/u.test(word) ? Array.from(word.slice(1), (character, at) => word.charAt(at) + character) : [word],
  );
  return [...new Set(split.filter((word) => word !== ''))];
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

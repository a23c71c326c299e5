// recall: of the turns that hold the answer to a question, how many come back. Conversations and questions that nobody here wrote; no model.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryHit } from '../../../electron/contract/memory.ts';
import type { Memory } from '../../../electron/memory/memory.ts';
import { stopWords } from '../../../electron/memory/recall/lists.ts';
import { tokensIn } from '../../../electron/memory/recall/pack.ts';
import { type Bench, type Figure, percentile, round } from '../figure.ts';
import { plainBm25, type Ranking, withNeighbours } from './baselines.ts';
import { type Line, makeMemory } from './store.ts';

type Asked = { readonly question: string; readonly evidence: readonly string[]; readonly category: number };
type Conversation = { readonly name: string; readonly lines: readonly Line[]; readonly questions: readonly Asked[] };
/** Ids that come back within a budget: tokens of text, or number of turns. */
type Search = (question: string, budget: Budget) => Promise<readonly string[]>;
type Budget = { readonly tokens: number } | { readonly limit: number };

const budgets: readonly Budget[] = [{ tokens: 512 }, { tokens: 1024 }, { tokens: 2048 }, { limit: 5 }, { limit: 10 }, { limit: 20 }];
const categories: Readonly<Record<number, string>> = { 1: 'multiHop', 2: 'temporal', 3: 'open', 4: 'single' };

/** Tokens are counted as memory counts them (four characters a token), for our own results and the baselines alike. */
export const recall: Bench = async ({ data }) => {
  if (data === null) throw new Error('--data DIR is needed: a folder of NAME.turns.jsonl and NAME.questions.jsonl');
  const conversations = readConversations(data);
  return [...(await measure('one store each', conversations, false)), ...(await measure('all in one', conversations, true))];
};

async function measure(stores: string, conversations: readonly Conversation[], together: boolean): Promise<Figure[]> {
  const bed = makeMemory();
  try {
    const empty = bed.bytes();
    const shelves = together ? [merge(conversations)] : conversations;
    const startedAt = performance.now();
    const spaces: number[] = [];
    for (const { name, lines } of shelves) spaces.push(await bed.add(lines, name));
    const seconds = (performance.now() - startedAt) / 1000;
    const said = shelves.flatMap(({ lines }) => lines);
    const extra = { turns: said.length, ingestPerSecond: Math.round(said.length / seconds), bytesPerByte: round((bed.bytes() - empty) / bytesOf(said)) };
    const times: number[] = [];
    const ours = shelves.map((_, at) => timedSearch(bed.memory, spaces[at] ?? 0, times));
    const single = shelves.map(({ lines }) => plainBm25(lines, stopWords));
    const rows: Figure[] = [];
    for (const budget of budgets) {
      times.length = 0;
      const figure = await evaluate(shelves, ours, budget);
      rows.push({ ...figure, name: 'recall', stores, by: 'nacre', ...timing(times), ...extra });
      rows.push({ ...(await evaluate(shelves, single.map(within(shelves)), budget)), name: 'recall', stores, by: 'single turns, BM25' });
      const near = single.map((ranking, at) => withNeighbours(ranking, shelves[at]?.lines ?? []));
      rows.push({ ...(await evaluate(shelves, near.map(within(shelves)), budget)), name: 'recall', stores, by: 'BM25 and ±1 neighbours' });
    }
    return rows;
  } finally {
    bed.close();
  }
}

function timing(times: readonly number[]): { readonly p50Ms?: number; readonly p99Ms?: number } {
  return times.length === 0 ? {} : { p50Ms: round(percentile(times, 0.5)), p99Ms: round(percentile(times, 0.99)) };
}

/** The twenty best are looked for once: five and ten of them are their beginning. */
function timedSearch(memory: Memory, space: number, times: number[]): Search {
  const listed = new Map<string, readonly string[]>();
  const search = async (query: string, budget: Budget): Promise<readonly string[]> => {
    const from = performance.now();
    const hits = await memory.search({ query, ...budget }, space);
    times.push(performance.now() - from);
    return hits.flatMap((hit) => claimed(hit));
  };
  return async (query, budget) => {
    if ('tokens' in budget) return search(query, budget);
    const list = listed.get(query) ?? (await search(query, { limit: 20 }));
    listed.set(query, list);
    return list.slice(0, budget.limit);
  };
}

async function evaluate(
  shelves: readonly Conversation[],
  searches: readonly Search[],
  budget: Budget,
): Promise<Omit<Figure, 'name'> & { value: number; unit: string }> {
  const shares = new Map<string, number[]>();
  for (const [at, { questions }] of shelves.entries()) {
    for (const { question, evidence, category } of questions) {
      const found = new Set(await searches[at]?.(question, budget));
      const share = evidence.filter((id) => found.has(id)).length / evidence.length;
      for (const key of ['all', categories[category] ?? 'other']) shares.set(key, [...(shares.get(key) ?? []), share]);
    }
  }
  const mean = (key: string): number => round((100 * (shares.get(key) ?? []).reduce((sum, share) => sum + share, 0)) / (shares.get(key)?.length || 1), 1);
  const at = 'tokens' in budget ? `${budget.tokens} tokens` : `k = ${budget.limit}`;
  return { value: mean('all'), unit: '% of evidence', at, multiHop: mean('multiHop'), temporal: mean('temporal'), open: mean('open'), single: mean('single') };
}

/** A source counts where something of what was said there stands in the text. */
function claimed({ source, text }: MemoryHit): readonly string[] {
  if (source.length > 0 && text.trim() === '') throw new Error('a hit without text');
  return source;
}

/** A ranking cut to a budget: lines as `author: text`. */
function within(shelves: readonly Conversation[]) {
  return (ranking: Ranking, at: number): Search =>
    async (question, budget) => {
      const lines = ranking(question).flatMap((index) => shelves[at]?.lines[index] ?? []);
      if ('limit' in budget) return lines.slice(0, budget.limit).map(({ id }) => id);
      let left = budget.tokens;
      return lines.flatMap(({ id, author, text }) => {
        const cost = tokensIn(`${author}: ${text}`);
        if (cost > left) return [];
        left -= cost;
        return [id];
      });
    };
}

function readConversations(folder: string): Conversation[] {
  const read = <T>(file: string): T[] =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as T);
  const names = readdirSync(folder).flatMap((file) => /^(.+)\.turns\.jsonl$/.exec(file)?.[1] ?? []);
  if (names.length === 0) throw new Error(`${folder} holds no .turns.jsonl files`);
  return names.map((name) => ({ name, lines: read<Line>(`${name}.turns.jsonl`), questions: read<Asked>(`${name}.questions.jsonl`) }));
}

/** All conversations in one, under ids that stay distinct. */
function merge(conversations: readonly Conversation[]): Conversation {
  return {
    name: 'all',
    lines: conversations.flatMap(({ name, lines }) => lines.map((line) => ({ ...line, id: `${name}/${line.id}` }))),
    questions: conversations.flatMap(({ name, questions }) => questions.map((one) => ({ ...one, evidence: one.evidence.map((id) => `${name}/${id}`) }))),
  };
}

function bytesOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(JSON.stringify(line)) + 1, 0);
}

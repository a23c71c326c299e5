// How well the Starter does what it is asked, on the requests that were written by hand before its training text: through the real engine, bare and behind its guards.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createLocalModel } from '../../../electron/models/local.ts';
import type { Model, ModelEvent, ModelMessage } from '../../../electron/models/model.ts';
import { meantBy, type Short, type ShortName, shortTools } from '../../../electron/models/starter/calls.ts';
import texts from '../../../electron/models/starter/sayings.json' with { type: 'json' };
import { createStarter, shownTools } from '../../../electron/models/starter/starter.ts';
import { spokenInstant } from '../../../electron/schedule/time/spoken.ts';
import { type BenchOptions, type Figure, median, round } from '../figure.ts';
import { startEngine } from '../local.ts';

type Held = {
  readonly id: string;
  readonly language: 'en' | 'zh';
  readonly category: string;
  readonly request: string;
  readonly before?: { readonly request: string; readonly answer: string };
  readonly call?: { readonly tool: ShortName; readonly arguments: Readonly<Record<string, string>> };
  /** The name of a saying. */
  readonly answer?: string;
};
type Judged = Held & {
  /** As the model wrote it. */ readonly right: boolean;
  readonly written: string /** What became of it behind the guards. */;
  readonly carried: 'right' | 'wrong' | 'none';
  /** Whether the person confirms it. */
  readonly seen: boolean;
};
type End = Extract<ModelEvent, { type: 'end' }>;

const home = join(import.meta.dirname, '..', '..', '..', 'local-models', 'starter');
/** A Saturday at half past two in the afternoon. */
const now = new Date(2026, 10, 21, 14, 30).getTime();
const sayings = JSON.parse(readFileSync(join(home, 'sayings.json'), 'utf8')) as Record<'en' | 'zh', Record<string, string>>;
/** Names of tools, so that the guards find what they ask for. */
const tools = ['schedule_task', 'memory', 'list_tasks', 'change_task', 'list_files', 'search_files', 'read_file', 'start_task', 'run_command'].map((name) => ({
  name,
  description: '',
  parameters: {},
}));

export async function starter({ model, data }: BenchOptions): Promise<readonly Figure[]> {
  const file = model ?? join(home, 'starter.gguf');
  if (!existsSync(file)) throw new Error(`there is no ${file}; npm run starter:train makes it`);
  const held = readFileSync(data ?? join(home, 'requests', 'held-out.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Held);
  const engine = await startEngine(file, 2048);
  const profile = { id: 'local:starter', name: 'Starter', where: 'local', contextTokens: 2048, tier: 'starter' } as const;
  const heard: { end: End | null; waits: number[]; speeds: number[] } = { end: null, waits: [], speeds: [] };
  const bare = tapped(createLocalModel({ profile, file, engine, gpu: 'off', contextTokens: 2048 }), (end) => {
    heard.end = end;
    heard.waits.push(end.usage.prefillMs);
    if (end.usage.written > 4) heard.speeds.push((end.usage.written * 1000) / end.usage.decodeMs);
  });
  const guarded = createStarter(bare, { now: () => now, instantOf: spokenInstant });
  const judged: Judged[] = [];
  const begun = performance.now();
  for (const one of held) {
    heard.end = null;
    const end = await answerOf(guarded, one);
    judged.push(judge(one, heard.end, end));
  }
  const seconds = (performance.now() - begun) / 1000;
  await engine.close();
  for (const { id, request, written } of judged.filter(({ right }) => !right))
    if (process.env['NACRE_BENCH_WRONG']) console.error(`${id}\t${request}\t${written}`);
  return [...scores(judged), ...safety(judged), ...speed(heard, held.length / seconds)];
}

function tapped(model: Model, onEnd: (end: End) => void): Model {
  return {
    ...model,
    async *generate(request, signal) {
      for await (const event of model.generate(request, signal)) {
        if (event.type === 'end') onEnd(event);
        if (event.type === 'fault') throw new Error(event.fault.message);
        yield event;
      }
    },
  };
}

async function answerOf(model: Model, { request, before, language }: Held): Promise<End> {
  const answered = before === undefined ? [] : turn(before.request, before.answer === 'ok' ? null : (sayings[language][before.answer] ?? ''));
  const messages: ModelMessage[] = [...answered, { role: 'user', text: `${request}\n[2026-11-21 Sat 14:30, folder /home/me]` }];
  for await (const event of model.generate({ sequence: 'bench', lane: 'chat', system: '', tools, messages }, new AbortController().signal))
    if (event.type === 'end') return event;
  throw new Error('the reply has no end');
}

/** A turn before: it ended in a call, or in a saying. */
function turn(request: string, saying: string | null): ModelMessage[] {
  const call = { id: 'c', tool: 'list_tasks', arguments: '{}' };
  return [
    { role: 'user', text: `${request}\n[2026-11-21 Sat 14:29, folder /home/me]` },
    ...(saying === null
      ? ([
          { role: 'assistant', text: '', calls: [call] },
          { role: 'tool', call: 'c', tool: 'list_tasks', text: '' },
          { role: 'assistant', text: 'Done.', calls: [] },
        ] as const)
      : ([{ role: 'assistant', text: saying, calls: [] }] as const)),
  ];
}

function judge(held: Held, bare: End | null, guarded: End): Judged {
  const wanted = held.call === undefined ? (sayings[held.language][held.answer ?? ''] ?? '') : shown(held.call.tool, held.call.arguments);
  const call = bare?.calls[0];
  const written = call === undefined ? (bare?.text ?? '') : shown(call.tool, JSON.parse(call.arguments) as Record<string, string>);
  const right = written === wanted;
  const made = guarded.calls[0];
  const meant = held.call === undefined ? null : meantBy({ name: held.call.tool, values: held.call.arguments } satisfies Short, held.language, new Date(now));
  const same = made !== undefined && meant !== null && made.tool === meant.tool && plain(made.arguments) === plain(JSON.stringify(meant.arguments));
  // A sum or a date that is answered at once is carried out as well.
  const reckons =
    call !== undefined &&
    ['calc', 'convert', 'date', 'time'].includes(call.tool) &&
    guarded.text !== '' &&
    ![...Object.values(sayings[held.language]), ...Object.values(texts[held.language])].includes(guarded.text);
  return {
    ...held,
    right,
    written,
    seen: shownTools.has(made?.tool),
    carried: made !== undefined ? (same ? 'right' : 'wrong') : reckons ? (right ? 'right' : 'wrong') : 'none',
  };
}

function shown(tool: string, values: Readonly<Record<string, string>>): string {
  const names = Object.keys((shortTools.find(({ name }) => name === tool)?.parameters['properties'] ?? {}) as object);
  return plain(`${tool} ${names.map((name) => `${name}=${values[name]}`).join('; ')}`);
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}

/** Shares of exactly right answers, as the model wrote them. */
function scores(judged: readonly Judged[]): Figure[] {
  const of = (name: string, some: readonly Judged[]): Figure => ({
    name,
    value: round((100 * some.filter(({ right }) => right).length) / some.length, 1),
    unit: '% exact',
    right: some.filter(({ right }) => right).length,
    of: some.length,
  });
  const categories = [...new Set(judged.map(({ category }) => category))];
  const both = (name: string, some: readonly Judged[]): Figure => ({
    ...of(name, some),
    ...Object.fromEntries(
      (['en', 'zh'] as const).map((language) => [
        language,
        of(
          '',
          some.filter((one) => one.language === language),
        ).value,
      ]),
    ),
  });
  return [
    both('starter', judged),
    both(
      'starter-single',
      judged.filter(({ call, before }) => call !== undefined && before === undefined),
    ),
    both(
      'starter-promises',
      judged.filter(({ category }) => ['remind', 'recurring', 'remember', 'ask-back'].includes(category)),
    ),
    ...categories.map((category) =>
      both(
        `starter ${category}`,
        judged.filter((one) => one.category === category),
      ),
    ),
  ];
}

/** Of what was carried out without asking back, how much was exactly what was asked for. */
function safety(judged: readonly Judged[]): Figure[] {
  const carried = judged.filter((one) => one.carried !== 'none');
  const wrong = carried.filter((one) => one.carried === 'wrong');
  const unasked = wrong.filter(({ call }) => call === undefined);
  const unseen = carried.filter(({ seen }) => !seen);
  if (process.env['NACRE_BENCH_WRONG']) for (const { id, request, written } of wrong) console.error(`CARRIED OUT WRONGLY ${id}\t${request}\t${written}`);
  return [
    {
      name: 'starter-carried-out',
      value: round((100 * (carried.length - wrong.length)) / Math.max(1, carried.length), 1),
      unit: '% exactly right',
      carried: carried.length,
      of: judged.length,
      unasked: unasked.length,
      goal: 98.5,
    },
    {
      name: 'starter-unseen',
      value: round((100 * unseen.filter((one) => one.carried === 'right').length) / Math.max(1, unseen.length), 1),
      unit: '% exactly right of what nobody confirms',
      carried: unseen.length,
      goal: 98.5,
    },
  ];
}

function speed({ waits, speeds }: { waits: readonly number[]; speeds: readonly number[] }, perSecond: number): Figure[] {
  return [
    { name: 'starter-first-token', value: round(median(waits), 1), unit: 'ms' },
    { name: 'starter-tokens-per-second', value: round(median(speeds), 0), unit: 'tokens/s', requests: round(perSecond, 1) },
  ];
}

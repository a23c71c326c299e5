// What became of every step of the errand: compares what really happened, in files and at the server, with what the journal says of it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../../electron/contract/entry.ts';
import type { LedgerServer } from './server.ts';
import { type Kind, steps as planned, type Step } from './steps.ts';

export type Verdict = { readonly lost: readonly string[]; readonly repeated: readonly string[]; readonly unknown: number; readonly wrong: readonly string[] };

type Story = { readonly states: readonly string[]; readonly entries: readonly Entry[] };

export function judge(data: string, count: number, ledger: ReturnType<LedgerServer['effects']>): Verdict {
  const story = JSON.parse(readFileSync(join(data, 'story.json'), 'utf8')) as Story;
  const statuses = statusesOf(story.entries);
  const timesOf = createCount(join(data, 'folder'), ledger);
  const lost: string[] = [];
  const repeated: string[] = [];
  planned(count).forEach((step, at) => {
    const times = timesOf(step, at);
    const name = `step ${at} (${step.kind})`;
    if (times === 0 && statuses[at] !== 'unknown') lost.push(name);
    if (times > 1) repeated.push(name);
  });
  return { lost, repeated, unknown: statuses.filter((status) => status === 'unknown').length, wrong: wrongIn(story, statuses, count) };
}

/** The outcome of the call of each step. */
function statusesOf(entries: readonly Entry[]): string[] {
  const outcomes = new Map(entries.flatMap(({ body }) => (body.type === 'outcome' ? [[body.call, body.status] as const] : [])));
  return entries.flatMap(({ body }) => (body.type === 'reply' ? body.calls.map(({ id }) => outcomes.get(id) ?? 'none') : []));
}

function wrongIn({ states, entries }: Story, statuses: readonly string[], count: number): string[] {
  const ended = entries.filter(({ body }) => body.type === 'ended').length;
  return [
    ...(states.join() === 'done' ? [] : [`the run is ${states.join(' and ')}`]),
    ...(ended === 1 ? [] : [`it has ${ended} outcomes`]),
    ...(statuses.length === count ? [] : [`${statuses.length} of ${count} steps were taken`]),
    ...statuses.flatMap((status, at) => (status === 'done' || status === 'unknown' ? [] : [`step ${at} is ${status}`])),
  ];
}

function createCount(folder: string, ledger: ReadonlyMap<number, number>): (step: Step, at: number) => number {
  const textOf = (name: string): string => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
  const linesOf = (name: string): readonly string[] => textOf(name).split('\n');
  const [appended, shell] = [linesOf('appended.txt'), linesOf('shell.txt')];
  const count: Readonly<Record<Kind, (at: number) => number>> = {
    write: (at) => Number(textOf(`file-${at}.txt`) === `content ${at}` || textOf(`moved-${at}.txt`) === `content ${at}`),
    append: (at) => appended.filter((line) => line === String(at)).length,
    rename: (at) => Number(textOf(`moved-${at - 2}.txt`) === `content ${at - 2}` && !existsSync(join(folder, `file-${at - 2}.txt`))),
    shell: (at) => shell.filter((line) => line === String(at)).length,
    keyed: (at) => ledger.get(at) ?? 0,
    plain: (at) => ledger.get(at) ?? 0,
    read: () => 1,
    // Only the last one still stands.
    overwrite: () => Number(/^state \d+$/.test(textOf('state.txt'))),
  };
  return ({ kind }, at) => count[kind](at);
}

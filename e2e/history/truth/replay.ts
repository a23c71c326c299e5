// Derives from a run's entries what its row must say, and names every difference: the row is a summary, the entries are what happened.
import { isDeepStrictEqual } from 'node:util';
import { advance, newProgress, nextStep, type Progress } from '../../../electron/agent/progress.ts';
import type { Entry, EntryBody, EntryOf } from '../../../electron/contract/entry.ts';
import type { Usage } from '../../../electron/contract/run.ts';
import type { Run } from '../../../electron/runs/store.ts';

/** Empty where row and entries agree. */
export function differences(run: Run, entries: readonly Entry[]): string[] {
  const progress = newProgress();
  for (const entry of entries) advance(progress, entry);
  const derived = {
    steps: progress.steps,
    unknownCalls: progress.unknownCalls,
    usage: sumOf(entries),
    current: progress.reply?.calls.at(-1)?.tool ?? '',
    openedBy: entries[0]?.id ?? 0,
    closedBy: entries.findLast(({ body }) => body.type === 'ended')?.id ?? null,
    fault: progress.ended === null ? (run.waitingFor === 'answer' ? (lastOf(entries, 'parked')?.fault ?? null) : null) : progress.ended.fault,
    ...stateOf(run, entries, progress),
  };
  const row = Object.fromEntries(Object.keys(derived).map((key) => [key, run[key as keyof Run]]));
  const wrong = Object.keys(derived).filter((key) => !isDeepStrictEqual(row[key], derived[key as keyof typeof derived]));
  return [
    ...wrong.map((key) => `run ${run.id}: ${key} is ${JSON.stringify(row[key])}, its entries say ${JSON.stringify(derived[key as keyof typeof derived])}`),
    ...nextWrong(run, progress),
  ];
}

/** What of the state follows from the entries: how it ended, what it waits for, and which claim holds it. */
function stateOf(run: Run, entries: readonly Entry[], progress: Progress): Partial<Pick<Run, 'state' | 'waitingFor' | 'fence'>> {
  if (progress.ended !== null) return { state: progress.ended.outcome, waitingFor: null };
  if (run.state === 'waiting') return { waitingFor: lastOf(entries, 'waiting')?.for ?? null };
  return run.state === 'running' ? { fence: lastOf(entries, 'started')?.attempt ?? -1 } : {};
}

/** What the fold would do next must fit how the run stands. */
function nextWrong(run: Run, progress: Progress): string[] {
  const next = nextStep(progress, Number.MAX_SAFE_INTEGER, run.kind === 'task').type;
  if (run.state === 'done' && next !== 'finish') return [`run ${run.id} is done, but next would be ${next}`];
  const waits = run.state === 'waiting' && (run.waitingFor === 'approval' || run.waitingFor === 'answer');
  return waits && next !== 'wait' ? [`run ${run.id} waits for the person, but next would be ${next}`] : [];
}

function sumOf(entries: readonly Entry[]): Usage | null {
  const all = entries.flatMap(({ body }) => (body.type === 'reply' ? [body.usage] : []));
  const last = all.at(-1);
  if (last === undefined) return null;
  const sum = (key: 'read' | 'reused' | 'written' | 'prefillMs' | 'decodeMs'): number => all.reduce((total, usage) => total + usage[key], 0);
  return { ...last, read: sum('read'), reused: sum('reused'), written: sum('written'), prefillMs: sum('prefillMs'), decodeMs: sum('decodeMs') };
}

function lastOf<T extends EntryBody['type']>(entries: readonly Entry[], type: T): EntryOf<T> | undefined {
  return entries.findLast(({ body }) => body.type === type)?.body as EntryOf<T> | undefined;
}

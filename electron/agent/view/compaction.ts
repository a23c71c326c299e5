// Keeps the view within its budget: asks the model for a summary while it has nothing else to do, and does without where that fails or there is no time.
import { type Fault, fault } from '../../contract/fault.ts';
import type { View } from '../context.ts';
import { put, type Surroundings } from '../seam.ts';
import { recallName } from './recall.ts';
import { type Shown, summarise } from './summary.ts';

export type Compaction = ReturnType<typeof createCompaction>;
type Presented = { readonly ok: true; readonly request: Shown; readonly seen: number; readonly tokens: number } | { readonly ok: false; readonly fault: Fault };

type Running = { readonly abort: AbortController; readonly done: Promise<string>; prose: string | null };

export function createCompaction(around: Surroundings) {
  const { context, toolbox, place } = around;
  // A local model would write its summary before the next words of its answer.
  const delaysChat = around.lane === 'chat' && around.model.profile.where === 'local';
  const isRecall = ({ name }: { readonly name: string }): boolean => name === recallName;
  const before = toolbox.specs().filter((spec) => !isRecall(spec));
  // At the end, so that what stands before it is not read again.
  const all = [...before, ...toolbox.specs().filter(isRecall)];
  let last: { readonly shown: Shown; readonly room: View['room'] } | null = null;
  let running: Running | null = null;

  /** Nothing goes on after this. */
  const stop = (): void => {
    running?.abort.abort();
    running = null;
  };
  /** Calls are about to run: where room is running out, the model begins to sum up. */
  const begin = (): void => {
    // Where tokens are counted out they go into the work: the summary is then made by code.
    if (running !== null || last?.room !== 'little' || place.signal.aborted || delaysChat || around.purse()?.budget.tokens !== undefined) return;
    const abort = new AbortController();
    const one: Running = { abort, prose: null, done: summarise(around, last.shown, AbortSignal.any([place.signal, abort.signal])) };
    void one.done.then((prose) => (one.prose = prose));
    running = one;
  };
  /** Recorded first, then taken into the view: that is the swap. */
  const compact = async (prose: string): Promise<boolean> => {
    stop();
    const body = await context.compact(prose);
    if (body !== null) put(around, body);
    return body !== null;
  };

  return {
    /** What to send now: within the budget, whatever has to be compacted for it. A fault where not even the person's rules fit. */
    present: async (): Promise<Presented> => {
      let view = await context.view();
      const prose = running?.prose ?? '';
      if (prose !== '' && (await compact(prose))) view = await context.view();
      while (view.room === 'full' && (await compact(''))) view = await context.view();
      if (view.room === 'stuck' || view.room === 'full')
        return { ok: false, fault: fault('model.rules-too-long', { needed: view.tokens, limit: around.room.messages }) };
      const shown = { system: around.system, tools: context.compacted() ? all : before, messages: view.messages };
      last = { shown, room: view.room };
      return { ok: true, request: shown, seen: view.seen, tokens: view.tokens };
    },
    begin,
    /** The run pauses or ends its turn: what would have to be compacted soon is compacted now. `long`: there is time for the model's own summary. */
    pause: async (long: boolean): Promise<void> => {
      const view = await context.view();
      if (view.room === 'plenty' || place.signal.aborted) return;
      if (long) begin();
      const prose = long ? await running?.done : running?.prose;
      if (!place.signal.aborted) await compact(prose ?? '');
    },
    stop,
  };
}

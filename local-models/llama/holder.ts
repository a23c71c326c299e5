// Holds the one loaded model of an engine: changes it when nothing runs on it, and lets requests run on it by lane.
import { isDeepStrictEqual } from 'node:util';
import { EngineError, type EngineLane, type LoadRequest } from '../engine.ts';
import { createChanges, orAborted } from './lane.ts';
import type { Opened } from './model.ts';

type Open = (request: LoadRequest, onProgress: (progress: number) => void, signal: AbortSignal | undefined) => Promise<Opened>;

export type Holder = ReturnType<typeof createHolder>;

export function createHolder(open: Open) {
  let opened: { readonly request: LoadRequest; readonly model: Opened } | null = null;
  /** Aborts when the engine closes. */
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  const changes = createChanges();

  const release = async (): Promise<void> => {
    await Promise.allSettled(running);
    const held = opened;
    opened = null;
    await held?.model.close();
  };
  const refuseClosed = (): void => {
    if (ending.signal.aborted) throw new EngineError('closed', 'The engine is closed.');
  };
  const model = (file: string | null): Opened => {
    refuseClosed();
    if (opened === null || (file !== null && opened.request.file !== file)) throw new EngineError('not-loaded', 'This model is not loaded.');
    return opened.model;
  };

  return {
    /** The loaded model, once a change under way has ended. Rejects with `not-loaded` (also where it is not the one of `file`) or `closed`. */
    async model(file: string | null): Promise<Opened> {
      while (changes.under() !== null) await changes.under();
      return model(file);
    },
    load: (request: LoadRequest, onProgress: (progress: number) => void, signal: AbortSignal | undefined): Promise<Opened> =>
      changes.run(async () => {
        refuseClosed();
        if (opened !== null && isDeepStrictEqual(opened.request, request)) return opened.model;
        await release();
        opened = { request, model: await open(request, onProgress, signal) };
        return opened.model;
      }),
    /** Runs work in its lane's turn; its signal aborts with `wanted` or when the engine closes, and then the promise does not wait for it. */
    async use<T>(file: string | null, lane: EngineLane, work: (model: Opened, signal: AbortSignal) => Promise<T>, wanted?: AbortSignal): Promise<T> {
      const signal = wanted === undefined ? ending.signal : AbortSignal.any([wanted, ending.signal]);
      while (changes.under() !== null) await changes.under();
      const found = model(file);
      const leave = lane === 'chat' ? found.gate.enter() : () => undefined;
      const mine = found.turns[lane](() => work(found, signal), signal).finally(() => {
        running.delete(mine);
        leave();
      });
      running.add(mine);
      return await orAborted(mine, signal);
    },
    unload: (file: string): Promise<void> => changes.run(async () => (opened?.request.file === file ? await release() : undefined)),
    close(): Promise<void> {
      ending.abort();
      return changes.run(release);
    },
  };
}

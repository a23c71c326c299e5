// Holds the one loaded model of an engine: changes it when nothing runs on it, and lets requests run on it by lane.
import { EngineError, type EngineLane, type LoadRequest } from '../engine.ts';
import type { Opened } from './model.ts';

export type Open = (request: LoadRequest, onProgress: (progress: number) => void, signal: AbortSignal | undefined) => Promise<Opened>;

export type Holder = {
  load(request: LoadRequest, onProgress: (progress: number) => void, signal: AbortSignal | undefined): Promise<Opened>;
  /** The loaded model, once a change under way has ended. Rejects with `not-loaded` or `closed`. */
  model(): Promise<Opened>;
  /** Runs work in its lane's turn; its signal aborts with `signal` or when the engine closes. */
  use<T>(lane: EngineLane, work: (model: Opened, signal: AbortSignal) => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
  unload(file: string): Promise<void>;
  close(): Promise<void>;
};

export function createHolder(open: Open): Holder {
  let opened: { readonly request: LoadRequest; readonly model: Opened } | null = null;
  /** Aborts when the engine closes. */
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  let changing: Promise<unknown> = Promise.resolve();

  const change = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = changing.then(work);
    changing = mine.catch(() => undefined);
    return mine;
  };
  const release = async (): Promise<void> => {
    await Promise.allSettled(running);
    const held = opened;
    opened = null;
    await held?.model.close();
  };
  const refuseClosed = (): void => {
    if (ending.signal.aborted) throw new EngineError('closed', 'The engine is closed.');
  };
  const model = async (): Promise<Opened> => {
    await changing;
    refuseClosed();
    if (opened === null) throw new EngineError('not-loaded', 'No model is loaded.');
    return opened.model;
  };

  return {
    model,
    load: (request, onProgress, signal) =>
      change(async () => {
        refuseClosed();
        if (opened !== null && same(opened.request, request)) return opened.model;
        await release();
        opened = { request, model: await open(request, onProgress, signal) };
        return opened.model;
      }),
    async use(lane, work, wanted) {
      const signal = wanted === undefined ? ending.signal : AbortSignal.any([wanted, ending.signal]);
      const found = await model();
      const leave = lane === 'chat' ? found.gate.enter() : () => undefined;
      const mine = found.turns[lane].take(() => work(found, signal), signal).finally(leave);
      running.add(mine);
      return await mine.finally(() => running.delete(mine));
    },
    unload: (file) => change(async () => (opened?.request.file === file ? await release() : undefined)),
    close() {
      ending.abort();
      return change(release);
    },
  };
}

function same(left: LoadRequest, right: LoadRequest): boolean {
  return left.file === right.file && left.gpu === right.gpu && left.contextTokens === right.contextTokens && left.threads === right.threads;
}

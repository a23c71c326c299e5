// The engine over node-llama-cpp, in the process that calls this; `supervised.ts` gives the same engine in a child process.
import { access } from 'node:fs/promises';
import { type Engine, EngineError, type EngineLane, type LoadRequest } from './engine.ts';
import { readGguf } from './gguf.ts';
import type { Opened } from './llama/model.ts';

/** Loads nothing native before the first `load`. */
export function createEngine(): Engine {
  let opened: { readonly request: LoadRequest; readonly model: Opened } | null = null;
  /** Aborts when the engine closes. */
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  let changing: Promise<unknown> = Promise.resolve();

  /** One change of the loaded model at a time, after the requests on it have ended. */
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
  const model = (): Opened => {
    refuseClosed();
    if (opened === null) throw new EngineError('not-loaded', 'No model is loaded.');
    return opened.model;
  };
  const onLane = async <T>(lane: EngineLane, work: (found: Opened, signal: AbortSignal) => Promise<T>, wanted?: AbortSignal): Promise<T> => {
    const signal = wanted === undefined ? ending.signal : AbortSignal.any([wanted, ending.signal]);
    await changing;
    const found = model();
    const leave = lane === 'chat' ? found.gate.enter() : () => undefined;
    const mine = found.turns[lane].take(() => work(found, signal), signal).finally(leave);
    running.add(mine);
    return await mine.finally(() => running.delete(mine)).catch((error: unknown) => refuse(error, signal));
  };

  return {
    load: (request, onProgress = () => undefined, signal) =>
      change(async () => {
        refuseClosed();
        if (opened !== null && same(opened.request, request)) return opened.model.loaded;
        await refuseUnusable(request.file);
        await release();
        const { openModel } = await import('./llama/model.ts');
        opened = { request, model: await openModel(request, onProgress, signal) };
        return opened.model.loaded;
      }).catch((error: unknown) => refuse(error, signal, 'load-failed')),
    async count(texts) {
      await changing;
      const { tokenizer } = model().marks;
      return texts.map((text) => tokenizer(text).length);
    },
    prefill: (request, signal) => onLane(request.lane, (found, until) => found.slots[request.lane].prefill(request, until), signal),
    generate: (request, onPiece, signal) => onLane(request.lane, (found, until) => found.slots[request.lane].generate(request, onPiece, until), signal),
    saveState: (lane, file) =>
      onLane(lane, async (found) => {
        const { saveState } = await import('./llama/state.ts');
        return saveState(found.slots[lane], file, found.owner);
      }),
    loadState: (lane, file) =>
      onLane(lane, async (found) => {
        const { loadState } = await import('./llama/state.ts');
        return loadState(found.slots[lane], file, found.owner);
      }),
    async memory() {
      await changing;
      return model().memory();
    },
    unload: (file) => change(async () => (opened?.request.file === file ? await release() : undefined)),
    close: () => {
      ending.abort();
      return change(release);
    },
  };
}

async function refuseUnusable(file: string): Promise<void> {
  await access(file).catch(() => {
    throw new EngineError('gone', `There is no file ${file}.`);
  });
  const found = await readGguf(file);
  if (!found.ok) throw new EngineError('not-gguf', found.reason);
}

/** Turns whatever the library threw into an EngineError. */
function refuse(error: unknown, signal: AbortSignal | undefined, otherwise: 'failed' | 'load-failed' = 'failed'): never {
  if (error instanceof EngineError) throw error;
  if (signal?.aborted === true) throw new EngineError('aborted', 'The request was aborted.');
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && /ValidationError$|^SyntaxError$/.test(error.constructor.name)) throw new EngineError('malformed-call', message);
  const memory = (error instanceof Error && error.name === 'InsufficientMemoryError') || /insufficient memory|out of memory|failed to allocate/i.test(message);
  throw new EngineError(memory ? 'out-of-memory' : otherwise, message);
}

function same(left: LoadRequest, right: LoadRequest): boolean {
  return left.file === right.file && left.gpu === right.gpu && left.contextTokens === right.contextTokens && left.threads === right.threads;
}

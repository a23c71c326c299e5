// The engine over node-llama-cpp, in the process that calls this; `supervised.ts` gives the same engine in a child process.
import { type Engine, EngineError } from './engine.ts';
import { readGguf } from './gguf.ts';
import { createHolder, type Holder } from './llama/holder.ts';
import type { Opener } from './llama/model.ts';

/** Loads nothing native before the first `load`. */
export function createEngine(): Engine {
  let opener: Opener | null = null;
  const holder = createHolder(async (request, onProgress, signal) => {
    const found = await readGguf(request.file);
    if (!found.ok) throw new EngineError(found.kind === 'missing' ? 'gone' : 'not-gguf', found.reason);
    opener ??= (await import('./llama/model.ts')).createOpener();
    return await opener.open(request, onProgress, signal);
  });
  const use: Holder['use'] = (file, lane, work, signal) => known(holder.use(file, lane, work, signal), signal);
  const close = async (): Promise<void> => {
    await holder.close();
    await opener?.close();
  };
  return {
    async load(request, onProgress = () => undefined, signal) {
      return (await known(holder.load(request, onProgress, signal), signal, 'load-failed')).loaded;
    },
    async count(file, texts) {
      const { tokenizer } = (await holder.model(file)).marks;
      return texts.map((text) => tokenizer(text).length);
    },
    prefill: (request, signal) => use(request.file, request.lane, (model, until) => model.slots[request.lane].prefill(request, until), signal),
    generate: (request, onPiece, signal) =>
      use(request.file, request.lane, (model, until) => model.slots[request.lane].generate(request, onPiece, until), signal),
    saveState: (lane, file) => use(null, lane, (model) => model.saveState(lane, file)),
    loadState: (lane, file) => use(null, lane, (model) => model.loadState(lane, file)),
    unload: (file) => known(holder.unload(file)),
    close: () => known(close()),
  };
}

/** Turns whatever the library throws into an EngineError. */
async function known<T>(work: Promise<T>, signal?: AbortSignal, otherwise: 'failed' | 'load-failed' = 'failed'): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof EngineError) throw error;
    if (signal?.aborted === true) throw new EngineError('aborted', 'The request was aborted.');
    const message = error instanceof Error ? error.message : String(error);
    const kind = error instanceof Error ? error.constructor.name : '';
    // The grammar lets numbers grow without end; then the JSON parses and still is no value.
    if (/ValidationError$|^SyntaxError$/.test(kind)) throw new EngineError('malformed-call', message);
    const memory = kind === 'InsufficientMemoryError' || /insufficient memory|out of memory|(failed|unable) to allocate/i.test(message);
    throw new EngineError(memory ? 'out-of-memory' : otherwise, message);
  }
}

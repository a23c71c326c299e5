// The engine in a child process: if the process dies, what was pending ends with `engine-died`, and the next request starts another one.
import { type Engine, EngineError, type LoadRequest } from './engine.ts';
import { createLine, type Line, type Wishes } from './line.ts';
import type { ChildLink, Method, StartChild, Values } from './link.ts';

/** One life of the child; `restored` settles when it has the model of the life before. */
type Life = { readonly link: ChildLink; readonly line: Line; restored: Promise<unknown> };

/** How long a child may take to free its model before it is killed. Milliseconds. */
const graceMs = 1000;

/** Starts no process before the first request. The model that was loaded last is loaded again in each new child. */
export function createSupervisedEngine(start: StartChild): Engine {
  let life: Life | null = null;
  let wanted: LoadRequest | null = null;
  let closing: Promise<void> | null = null;

  const begin = (method: Method): Life => {
    const link = start();
    const line = createLine(link, () => {
      if (life?.line === line) life = null;
    });
    life = { link, line, restored: Promise.resolve() };
    // Where that fails, the request itself finds no model and says so.
    if (wanted !== null && method !== 'load' && method !== 'unload') life.restored = line.send('load', [wanted]).catch((error: unknown) => error);
    return life;
  };

  const request = async <M extends Method>(method: M, values: Values<M>, wishes?: Wishes): Promise<Awaited<ReturnType<Engine[M]>>> => {
    if (closing !== null) throw new EngineError('closed', 'The engine is closed.');
    const current = life ?? begin(method);
    await current.restored;
    return await current.line.send(method, values, wishes);
  };

  return {
    async load(input, onProgress, signal) {
      const loaded = await request('load', [input], { news: onProgress, signal });
      wanted = input;
      return loaded;
    },
    count: (file, texts) => request('count', [file, texts]),
    prefill: (input, signal) => request('prefill', [input], { signal }),
    generate: (input, onPiece, signal) => request('generate', [input], { news: onPiece, signal }),
    saveState: (lane, file) => request('saveState', [lane, file]),
    loadState: (lane, file) => request('loadState', [lane, file]),
    async unload(file) {
      if (wanted?.file === file) wanted = null;
      if (life !== null) await request('unload', [file]);
    },
    close() {
      closing ??= life === null ? Promise.resolve() : end(life);
      return closing;
    },
  };
}

async function end({ link, line }: Life): Promise<void> {
  const timer = setTimeout(() => link.kill(), graceMs);
  await line.send('close', []).catch((error: unknown) => {
    // It died instead of closing, which is as good.
    if (!(error instanceof EngineError)) throw error;
  });
  clearTimeout(timer);
  link.kill();
}

// The engine in a child process: if the process dies, what was pending ends with `engine-died`, and the next request starts another one.
import { type Engine, EngineError, type EngineErrorCode, type LoadRequest, type Piece } from './engine.ts';
import type { AnyRequest, ChildLink, FromChild, Method, Methods, StartChild } from './link.ts';

type Pending = { resolve(value: unknown): void; reject(error: EngineError): void; news(value: unknown): void };
/** One life of the child. */
type Life = { readonly link: ChildLink; readonly pending: Map<number, Pending>; restored: Promise<void> };
type Options<M extends Method> = { readonly news?: ((value: Methods[M]['news']) => void) | undefined; readonly signal?: AbortSignal | undefined };

/** How long a child may take to free its model before it is killed. Milliseconds. */
const graceMs = 1000;

/** Starts no process before the first request. The model that was loaded last is loaded again in each new child. */
export function createSupervisedEngine(start: StartChild): Engine {
  let life: Life | null = null;
  let wanted: LoadRequest | null = null;
  let closing: Promise<void> | null = null;
  let last = 0;

  const begin = (): Life => {
    const link = start();
    const begun: Life = { link, pending: new Map(), restored: Promise.resolve() };
    link.onMessage((message) => settle(begun.pending, message));
    link.onExit((reason) => {
      if (life === begun) life = null;
      for (const each of begun.pending.values()) each.reject(new EngineError('engine-died', `The engine's process ended (${reason}).`));
      begun.pending.clear();
    });
    life = begun;
    return begun;
  };

  const send = <M extends Method>(to: Life, method: M, input: Methods[M]['input'], options: Options<M> = {}): Promise<Methods[M]['output']> =>
    new Promise<unknown>((resolve, reject) => {
      const { signal } = options;
      const id = ++last;
      const onAbort = () => {
        to.link.post({ type: 'abort', id });
        finish(() => reject(new EngineError('aborted', 'The request was aborted.')));
      };
      const finish = (end: () => void) => {
        signal?.removeEventListener('abort', onAbort);
        to.pending.delete(id);
        if (to.pending.size === 0) to.link.hold(false);
        end();
      };
      if (signal?.aborted === true) return reject(new EngineError('aborted', 'The request was aborted.'));
      signal?.addEventListener('abort', onAbort, { once: true });
      to.link.hold(true);
      to.pending.set(id, {
        resolve: (value) => finish(() => resolve(value)),
        reject: (error) => finish(() => reject(error)),
        // The child answers each method with what `Methods` says; both sides are built from it.
        news: (value) => options.news?.(value as Methods[M]['news']),
      });
      to.link.post({ type: 'request', id, method, input } as AnyRequest);
    }) as Promise<Methods[M]['output']>;

  const request = async <M extends Method>(method: M, input: Methods[M]['input'], options: Options<M> = {}): Promise<Methods[M]['output']> => {
    if (closing !== null) throw new EngineError('closed', 'The engine is closed.');
    if (life === null) {
      const fresh = begin();
      if (wanted !== null && method !== 'load' && method !== 'unload') fresh.restored = send(fresh, 'load', wanted).then(() => undefined);
    }
    const current = life ?? begin();
    await current.restored;
    return await send(current, method, input, options);
  };

  const close = async (): Promise<void> => {
    const current = life;
    if (current === null) return;
    const timer = setTimeout(() => current.link.kill(), graceMs);
    await send(current, 'close', null).catch((error: unknown) => {
      // It died instead of closing, which is as good.
      if (!(error instanceof EngineError)) throw error;
    });
    clearTimeout(timer);
    current.link.kill();
  };

  return {
    async load(input, onProgress, signal) {
      const loaded = await request('load', input, { news: onProgress, signal });
      wanted = input;
      return loaded;
    },
    count: (texts) => request('count', texts),
    prefill: (input, signal) => request('prefill', input, { signal }),
    generate: (input, onPiece: (piece: Piece) => void, signal) => request('generate', input, { news: onPiece, signal }),
    saveState: (lane, file) => request('saveState', { lane, file }),
    loadState: (lane, file) => request('loadState', { lane, file }),
    memory: () => request('memory', null),
    async unload(file) {
      if (wanted?.file === file) wanted = null;
      if (life !== null) await request('unload', file);
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function settle(pending: ReadonlyMap<number, Pending>, message: FromChild): void {
  const found = pending.get(message.id);
  if (found === undefined) return;
  if (message.type === 'news') found.news(message.value);
  else if (message.type === 'done') found.resolve(message.value);
  // Only the child's own EngineErrors are sent, so the code is one of ours.
  else found.reject(new EngineError(message.code as EngineErrorCode, message.message, message.values));
}

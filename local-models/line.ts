// One life of the engine's child process, as requests that are answered; all of them fail when it ends.
import { type Engine, EngineError, type EngineErrorCode } from './engine.ts';
import type { ChildLink, FromChild, Method, Values } from './link.ts';

export type Wishes = { readonly news?: ((value: never) => void) | undefined; readonly signal?: AbortSignal | undefined };
export type Line = {
  /** Rejects with an EngineError: the child's, `aborted` as soon as the signal does, or `engine-died`. */
  send<M extends Method>(method: M, values: Values<M>, wishes?: Wishes): ReturnType<Engine[M]>;
};

type Pending = { resolve(value: unknown): void; reject(error: EngineError): void; news(value: unknown): void };

/** `onEnd` is called once, before the pending requests fail. */
export function createLine(link: ChildLink, onEnd: () => void): Line {
  const pending = new Map<number, Pending>();
  let last = 0;
  let death: EngineError | null = null;
  link.onMessage((message) => settle(pending, message));
  link.onExit((reason) => {
    death = new EngineError('engine-died', `The engine's process ended (${reason}).`);
    onEnd();
    for (const each of [...pending.values()]) each.reject(death);
  });

  const wait = async (id: number, { news, signal }: Wishes): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const onAbort = (): void => {
      link.post({ type: 'abort', id });
      reject(new EngineError('aborted', 'The request was aborted.'));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    // The child calls the method of this name, so its news and its answer are what the method gives.
    pending.set(id, { resolve, reject, news: (value) => news?.(value as never) });
    link.hold(true);
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      pending.delete(id);
      if (pending.size === 0) link.hold(false);
    }
  };

  return {
    send: (async (method: Method, values: readonly unknown[], wishes: Wishes = {}) => {
      if (death !== null) throw death;
      if (wishes.signal?.aborted === true) throw new EngineError('aborted', 'The request was aborted.');
      const id = ++last;
      const answer = wait(id, wishes);
      link.post({ type: 'request', id, method, values });
      return await answer;
    }) as Line['send'],
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

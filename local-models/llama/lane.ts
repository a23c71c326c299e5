// Who goes first: requests of one lane run one after another, and background work stands still while chat is at it.
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { EngineError } from '../engine.ts';

type Tokens = AsyncGenerator<Token, void, undefined | Token | Token[]>;
type Sure = AsyncGenerator<{ readonly token: Token; readonly confidence?: number }, void, undefined | Token | Token[]>;

/** Runs work when the work before it has ended; rejects with `aborted` if the signal came before its turn. What is `urgent` goes before all that is not. */
export type Turn = <T>(work: () => Promise<T>, signal: AbortSignal, urgent?: boolean) => Promise<T>;

export function createTurn(): Turn {
  const waiting: { readonly begin: () => void; readonly urgent: boolean }[] = [];
  let isTaken = false;
  const pass = (): void => {
    const first = waiting.findIndex(({ urgent }) => urgent);
    const [next] = waiting.splice(Math.max(0, first), 1);
    isTaken = next !== undefined;
    next?.begin();
  };
  return async (work, signal, urgent = false) => {
    if (isTaken) await new Promise<void>((begin) => waiting.push({ begin, urgent }));
    isTaken = true;
    try {
      refuseAborted(signal);
      return await work();
    } finally {
      pass();
    }
  };
}

/** Changes of the loaded model, one after another. `under()` is the last one while any is under way: requests made before it must not wait. */
export function createChanges() {
  let last: Promise<unknown> | null = null;
  return {
    under: () => last,
    run<T>(work: () => Promise<T>): Promise<T> {
      const mine = (last ?? Promise.resolve()).then(work);
      const settled = mine
        .catch(() => undefined)
        .then(() => {
          if (last === settled) last = null;
        });
      last = settled;
      return mine;
    },
  };
}

export type Gate = ReturnType<typeof createGate>;

/** Lets background work wait at its next stop while any chat request runs. */
export function createGate() {
  let inside = 0;
  let empty = Promise.withResolvers<void>();
  return {
    /** Closes it until the returned function is called. */
    enter(): () => void {
      inside++;
      return () => {
        inside--;
        if (inside > 0) return;
        empty.resolve();
        empty = Promise.withResolvers<void>();
      };
    },
    async open(signal?: AbortSignal): Promise<void> {
      while (inside > 0) await orAborted(empty.promise, signal);
    },
  };
}

export type Pace = {
  /** Resolves when the next token may be written, and rejects when it never may. */
  open(): Promise<void>;
  /** Whether it is asked how probable each token was, which costs a little. */
  sure(): boolean;
  onToken(confidence: number): void;
};

/** Makes a sequence write only while its gate is open, token by token, so that background work pauses in mid-reply, and says of each how probable it was; the same sequence to all else. */
export function paced(sequence: LlamaContextSequence, { open, sure, onToken }: Pace): LlamaContextSequence {
  return new Proxy(sequence, {
    get(target, key) {
      if (key === 'evaluate')
        return (...[tokens, options]: Parameters<LlamaContextSequence['evaluate']>) =>
          whileOpen(target.evaluateWithMetadata(tokens, { confidence: sure() }, options) as Sure, open, onToken);
      const found: unknown = Reflect.get(target, key, target);
      return typeof found === 'function' ? found.bind(target) : found;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}

export function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new EngineError('aborted', 'The request was aborted.');
}

/** The same promise, except that it rejects with `aborted` as soon as the signal does; the work behind it may go on for a moment. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new EngineError('aborted', 'The request was aborted.'));
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

async function* whileOpen(tokens: Sure, open: () => Promise<void>, onToken: Pace['onToken']): Tokens {
  let chosen: undefined | Token | Token[];
  try {
    while (true) {
      await open();
      const next = await tokens.next(chosen);
      if (next.done === true) return;
      onToken(next.value.confidence ?? 1);
      chosen = yield next.value.token;
    }
  } finally {
    await tokens.return();
  }
}

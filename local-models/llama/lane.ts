// Who goes first: requests of one lane run one after another, and background work stands still while chat is at it.
import { EngineError } from '../engine.ts';

export type Turn = {
  /** Runs the work when those before it have ended; rejects with `aborted` if the signal comes first. */
  take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
};

export function createTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work, signal) {
      const before = last;
      const mine = before.then(() => {
        refuseAborted(signal);
        return work();
      });
      last = mine.catch(() => undefined);
      return Promise.race([mine, ...whenAborted(signal, mine)]);
    },
  };
}

/** Lets background work wait at its next stop while any chat request runs. */
export type Gate = { enter(): () => void; open(signal?: AbortSignal): Promise<void> };

export function createGate(): Gate {
  let inside = 0;
  let waiting: (() => void)[] = [];
  return {
    enter() {
      inside++;
      return () => {
        inside--;
        if (inside > 0) return;
        for (const go of waiting) go();
        waiting = [];
      };
    },
    async open(signal) {
      while (inside > 0) await Promise.race([new Promise<void>((go) => waiting.push(go)), ...whenAborted(signal)]);
    },
  };
}

export function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new EngineError('aborted', 'The request was aborted.');
}

/** A promise that rejects on abort; none without a signal. `until` lets go of the signal when the work has ended. */
function whenAborted(signal: AbortSignal | undefined, until?: Promise<unknown>): Promise<never>[] {
  if (signal === undefined) return [];
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(new EngineError('aborted', 'The request was aborted.'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const letGo = () => signal.removeEventListener('abort', onAbort);
    until?.then(letGo, letGo);
  });
  aborted.catch(() => undefined);
  return [aborted];
}

// Waiting that is cut short: by a stop, or by too long a silence.
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `ms` milliseconds or when `signal` aborts, whichever comes first; never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

export type Clock = ReturnType<typeof createClock>;

/** Its signal aborts when `signal` does, or when nothing was heard for `silenceMs` milliseconds. Runs until stopped. */
export function createClock(silenceMs: number, signal: AbortSignal) {
  const own = new AbortController();
  const wait = (ms: number): NodeJS.Timeout => setTimeout(() => own.abort(), ms);
  let timer = wait(silenceMs);
  const stop = (): void => clearTimeout(timer);
  return {
    signal: AbortSignal.any([signal, own.signal]),
    heard: (): void => void timer.refresh(),
    silent: () => own.signal.aborted,
    /** From now on it waits only so long. */
    hurry(ms: number): void {
      stop();
      timer = wait(ms);
    },
    stop,
  };
}

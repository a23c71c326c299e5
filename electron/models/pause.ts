// Waiting that a stop cuts short.
import { setTimeout } from 'node:timers/promises';

/** Resolves after `ms` milliseconds or when `signal` aborts, whichever comes first; never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

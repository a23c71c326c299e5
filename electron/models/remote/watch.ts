// Watches one exchange: is there still something coming, how did it begin and end, and what went wrong first.
import { type Asked, type Problem, timedOut } from './faults.ts';

export type Watch = ReturnType<typeof createWatch>;

const charactersOfHead = 2000;
const charactersOfTail = 40;

export function createWatch(asked: Asked, silenceMs: number) {
  const own = new AbortController();
  const signal: AbortSignal = own.signal;
  let ended = false;
  let problem: Problem | null = null;
  let head = '';
  let tail = '';
  let clock: NodeJS.Timeout | undefined;

  /** Keeps the first problem; returns an error that says it. */
  function note(found: Problem): Error {
    problem ??= found;
    return new Error(problem.fault.message);
  }

  function begin(): void {
    clearTimeout(clock);
    clock = setTimeout(() => own.abort(note(timedOut(asked, silenceMs))), silenceMs);
  }

  /** True when the stream's own closing mark was seen; then, and after its end, the connection is left open for the next request. */
  const marked = (): boolean => /(^|\n)data: ?\[DONE\]/.test(tail);

  return {
    /** Aborts after too long a silence, and when stopped. */
    signal,
    begin,
    note,
    marked,
    problem: (): Problem | null => problem,
    /** The beginning of the reply as text, for a sentence about it. */
    head: () => head,
    hear(bytes: Uint8Array): void {
      begin();
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
      if (head.length < charactersOfHead) head += text.slice(0, charactersOfHead);
      tail = (tail + text).slice(-charactersOfTail);
    },
    /** The connection ended in order. */
    end(): void {
      ended = true;
    },
    stop(): void {
      clearTimeout(clock);
      if (!marked() && !ended) own.abort();
    },
  };
}

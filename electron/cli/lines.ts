// Lines that the person types, or that are piped in; whoever asked last gets the next one.
import { createInterface, type Interface } from 'node:readline';

type Waiter = { readonly prompt: string; readonly take: (line: string | null) => void };

export type Lines = ReturnType<typeof createLines>;

/** Opens stdin with the first `next`, so that what never asks leaves the terminal alone. The prompt goes to stderr: stdout is for the answer. */
export function createLines() {
  const early: string[] = [];
  const waiters: Waiter[] = [];
  let reader: Interface | null = null;
  let ended = false;
  /** Shows the prompt again after something else was written. */
  const show = (): void => {
    const waiter = waiters.at(-1);
    if (reader === null || waiter === undefined || process.stdin.isTTY !== true) return;
    reader.setPrompt(waiter.prompt);
    reader.prompt(true);
  };
  /** What is said next begins on a line of its own. */
  const leavePrompt = (): void => {
    if (waiters.length > 0 && process.stderr.isTTY === true) process.stderr.write('\n');
  };
  const open = (): Interface => {
    const opened = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY === true && process.stderr.isTTY === true });
    opened.on('line', (line) => {
      const waiter = waiters.pop();
      if (waiter === undefined) early.push(line);
      else waiter.take(line);
    });
    opened.once('close', () => {
      ended = true;
      leavePrompt();
      for (const { take } of waiters.splice(0)) take(null);
    });
    // In a terminal readline takes Ctrl-C for itself; whoever stops the run listens for the signal.
    opened.on('SIGINT', () => process.emit('SIGINT'));
    return opened;
  };
  return {
    /** The next line; null at the end of input, and when `signal` aborts. */
    next: (prompt: string, signal?: AbortSignal): Promise<string | null> => {
      reader ??= open();
      const line = early.shift();
      if (line !== undefined || ended || signal?.aborted === true) return Promise.resolve(line ?? null);
      return new Promise((resolve) => {
        const waiter = { prompt, take: resolve };
        waiters.push(waiter);
        show();
        signal?.addEventListener('abort', () => {
          const at = waiters.indexOf(waiter);
          if (at < 0) return;
          leavePrompt();
          waiters.splice(at, 1);
          resolve(null);
        });
      });
    },
    show,
    close: (): void => reader?.close(),
  };
}

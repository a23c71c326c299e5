// Ctrl-C and friends: the first stops what is under way, the next leaves.
import { constants } from 'node:os';

export type Signals = ReturnType<typeof watchSignals>;

/** `leave` is called at most once, with the exit code; a signal after it ends the process at once, which loses nothing: runs are on disk. */
export function watchSignals(leave: (code: number) => void) {
  let interrupt: (() => void) | null = null;
  let leaving = false;
  const end = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void => {
    const code = 128 + constants.signals[signal];
    if (leaving) process.exit(code);
    leaving = true;
    leave(code);
  };
  process.on('SIGINT', () => {
    const first = interrupt;
    interrupt = null;
    if (first === null) end('SIGINT');
    else first();
  });
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGHUP', () => end('SIGHUP'));
  return {
    /** What the next Ctrl-C does instead of leaving; null gives that back. */
    onInterrupt: (listener: (() => void) | null): void => {
      interrupt = listener;
    },
  };
}

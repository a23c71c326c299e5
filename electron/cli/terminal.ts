// What the command writes: the answer on stdout, everything else on stderr, or JSON lines only. Text from outside can't steer the terminal.
import { visiblePieces } from '../contract/visible.ts';

export type Terminal = ReturnType<typeof createTerminal>;

export function createTerminal(json: boolean) {
  const { stdin, stdout, stderr } = process;
  const left = new AbortController();
  /** Aborts when whoever read stdout is gone. */
  const gone: AbortSignal = left.signal;
  stdout.on('error', () => left.abort());
  // Without anyone to read progress the work still goes on.
  stderr.on('error', () => undefined);
  const live = stdout.isTTY === true && !json;
  const write = (text: string): void => {
    if (!gone.aborted) stdout.write(text);
  };
  /** A line for the person, on stderr. */
  const say = (text: string): void => void stderr.write(`${stderr.isTTY ? visible(text) : text}\n`);
  const line = (value: object): void => write(`${JSON.stringify(value)}\n`);
  const answer = (text: string): void => write(live ? visible(text) : text);
  return {
    /** A person can be asked: stdin is a terminal. */
    interactive: stdin.isTTY === true,
    /** A person reads the answer as it comes: stdout is a terminal. */
    live,
    gone,
    /** Part of the answer, on stdout; nothing with --json. */
    answer: (text: string): void => void (!json && answer(text)),
    /** One JSON line on stdout; nothing without --json. */
    line: (value: object): void => void (json && line(value)),
    /** Part of the answer: `value` with --json, else `text` as a line. */
    show: (value: object, text: string): void => (json ? line(value) : answer(`${text}\n`)),
    say,
    /** Progress: like `say`, but left out with --json. */
    note: (text: string): void => void (!json && say(text)),
    /** Settles when stdout and stderr have passed everything on. */
    flush: async (): Promise<void> => void (await Promise.all([drained(stdout), drained(stderr)])),
  };
}

/** Control characters as pictures (U+2400…), except tab and line feed: an answer must not move the cursor, set the title or fill the clipboard. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal.
  return text.replace(/[\u0000-\u0008\u000b-\u001f]/g, (found) => String.fromCodePoint(0x2400 + found.charCodeAt(0))).replace(/[\u007f-\u009f]/g, '\u2421');
}

/** For what a person is asked to allow: also shows characters that hide or reorder text, so that what is read is what runs. */
export function exact(text: string): string {
  const pieces = visiblePieces(visible(text));
  return pieces.map((piece) => (piece.hidden === null ? piece.text : `<${piece.hidden}>`)).join('');
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write('', () => resolve());
  });
}

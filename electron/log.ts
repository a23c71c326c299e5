// Diagnostics: one line an event, for developers. May be deleted at any time; never holds message text or secrets; never throws.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type Log = {
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, error: unknown, fields?: Fields): void;
};

const maxBytes = 5_000_000;

/** Writes to `folder`/nacre.log and keeps one older file. Synchronous, so that the last line before a crash is there. */
export function createLog(folder: string, now: () => number): Log {
  let complained = false;
  const write = (level: string, event: string, fields: Fields = {}): void => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      appendLine(join(folder, 'nacre.log'), { at: new Date(now()).toISOString(), level, event, ...fields }, maxBytes);
    } catch (reason) {
      if (!complained) process.stderr.write(`The log can not be written: ${reason instanceof Error ? reason.message : String(reason)}\n`);
      complained = true;
    }
  };
  return {
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, error, fields) => write('error', event, { ...fields, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  };
}

/** A log that keeps nothing, for tests. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Appends a line of JSON for its owner's eyes; before that, a file of more than `most` bytes becomes the one older file beside it. Throws what the disk says. */
export function appendLine(file: string, line: object, most: number): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > most) renameSync(file, `${file}.1`);
  appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

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
  const path = join(folder, 'nacre.log');
  const write = (level: string, event: string, fields: Fields = {}): void => {
    try {
      rotate(path);
      appendFileSync(path, `${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields })}\n`);
    } catch (reason) {
      if (!complained) process.stderr.write(`The log can not be written: ${reason instanceof Error ? reason.message : String(reason)}\n`);
      complained = true;
    }
  };
  let complained = false;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (reason) {
    process.stderr.write(`log: ${String(reason)}\n`);
  }
  return {
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, error, fields) => write('error', event, { ...fields, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  };
}

/** A log that keeps nothing, for tests. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

function rotate(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxBytes) renameSync(path, `${path}.1`);
}

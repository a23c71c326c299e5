// What a command leaves behind when it has ended, so that a start after a crash knows of it: its exit code, written by the shell that ran it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { orElse } from '../../durable.ts';

/** Stands in the run's scratch folder; each command of the run replaces that of the one before. */
export const receiptName = 'command.exit';

/** The system takes at most 128 kB as one argument. */
const mostBytes = 120_000;

/** The same command, run by a shell of its own; where that would be too long, without a receipt. */
export function leavingReceipt(command: string, scratch: string, marker: string): string {
  const file = quote(join(scratch, receiptName));
  const leaving = `/bin/sh -c ${quote(command)}; code=$?; echo ${marker} $code >${file}.new && mv ${file}.new ${file}; exit $code`;
  return process.platform === 'win32' || Buffer.byteLength(leaving) > mostBytes ? command : leaving;
}

/** The exit code of that command; null where it is not known to have ended. */
export function readReceipt(scratch: string, marker: string): number | null {
  const left = orElse('', () => readFileSync(join(scratch, receiptName), 'utf8'));
  const [, of, code] = /^(\w+) (\d+)\n$/.exec(left) ?? [];
  return of === marker && code !== undefined ? Number(code) : null;
}

/** As one word of a shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

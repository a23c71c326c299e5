// The ledger of everything that left this computer: a file the person can read, one JSON object a line.
import { dirname } from 'node:path';
import { FaultError } from '../contract/fault.ts';
import { unwritable } from '../durable.ts';
import { appendLine } from '../log.ts';

/**
 * Written when a request begins (`status` and `received` null) and again when it ends (same `exchange`; `status` stays null where no answer came).
 * A beginning without an end is a request during which Nacre was killed.
 */
export type LedgerLine = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly exchange: string;
  readonly purpose: string;
  /** On whose behalf: the run or conversation, as the model seam names it. */
  readonly run: string | null;
  readonly host: string;
  readonly method: string;
  /** Bytes of the request's body. */
  readonly sent: number;
  /** Bytes of the answer's body, decompressed. */
  readonly received: number | null;
  readonly status: number | null;
};

const bytesAtMost = 10_000_000;

/**
 * Appends to `file` and keeps one older file beside it. Throws a FaultError where a beginning can't be written: what can't be recorded must not leave.
 * An end that can't be written is left out, since the beginning says enough.
 */
export function createLedger(file: string, limit: number = bytesAtMost): (line: LedgerLine) => void {
  return (line) => {
    try {
      appendLine(file, line, limit);
    } catch (error) {
      if (line.received === null) throw new FaultError(unwritable(dirname(file), error));
    }
  };
}

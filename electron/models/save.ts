// Writes a small file so that a crash leaves either the old one or the new one, never half.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FaultError, fault } from '../contract/fault.ts';

/** Only its owner may read the file. Throws a FaultError where the folder is full or read-only; then nothing has changed. */
export function save(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    const handle = openSync(draft, 'w', 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new FaultError(
      code === 'ENOSPC' ? fault('app.disk-full', { folder: dirname(file) }) : fault('app.data-read-only', { folder: dirname(file), reason: code }),
    );
  }
}

// Small files that a crash must not harm: replaced as a whole or not at all, and set aside where they are damaged; and how the disk is asked what it may refuse to tell.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Fault, FaultError, fault } from './contract/fault.ts';

/** As JSON that people can read. Only its owner may read the file. Throws a FaultError where the folder is full or read-only; then nothing has changed. */
export function writeJson(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(draft, file);
    syncFolder(dirname(file));
  } catch (error) {
    rmSync(draft, { force: true, recursive: true });
    throw new FaultError(unwritable(dirname(file), error));
  }
}

/**
 * What `check` makes of a `.json` file, null where it is missing or blank. Where that throws, the file is damaged: it is moved aside, and `onDamaged` hears
 * where it is now, which is its old place if it can't be moved. `now` is in milliseconds since 1970.
 */
export function readJson<T>(file: string, now: number, check: (value: unknown) => T, onDamaged: (kept: string, error: unknown) => void): T | null {
  if (!existsSync(file)) return null;
  try {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    return text.trim() === '' ? null : check(JSON.parse(text));
  } catch (error) {
    const time = new Date(now).toISOString().replace(/[:.]/g, '-');
    const kept = join(dirname(file), `${basename(file, '.json')}.damaged-${time}.json`);
    const isAside = orElse(false, () => renameSync(file, kept) === undefined);
    onDamaged(isAside ? kept : file, error);
    return null;
  }
}

/** The one spelling of a path, with every link resolved; as it was given where it can't be reached. */
export function realPath(path: string): string {
  return orElse(path, () => realpathSync(path));
}

/** What `look` gives; `otherwise` where the system refuses it: there is no such thing, it may not be seen, or it ended meanwhile. */
export function orElse<T>(otherwise: T, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return otherwise;
    throw error;
  }
}

/** Absolute. Throws a FaultError where it is not a folder. */
export function existingFolder(folder: string): string {
  const path = folder === '' ? '' : resolve(folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw new FaultError(fault('folder.missing', { folder: path || '""' }));
  return path;
}

/** Why nothing can be written in `folder`, from what a system call threw. */
export function unwritable(folder: string, error: unknown): Fault {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return reason === 'ENOSPC' || reason === 'EDQUOT' ? fault('app.disk-full', { folder }) : fault('app.data-read-only', { folder, reason });
}

/** A rename is durable only when its folder is; Windows can't open folders and needs no such step. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

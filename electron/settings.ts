// The settings file: read once, checked, and written so that a crash leaves either the old file or the new one.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Fault, FaultError, fault } from './contract/fault.ts';
import { Settings, type SettingsPatch } from './contract/setting.ts';
import type { Log } from './log.ts';

export type SettingsFile = {
  current(): Settings;
  /** Writes the changed fields and keeps all others, those we do not know included. Throws a FaultError when the file can't be written; then nothing has changed. */
  change(patch: SettingsPatch): Settings;
  /** What the person should be told once, such as that a damaged file was moved aside. */
  readonly notices: readonly Fault[];
};

type Fields = Readonly<Record<string, unknown>>;

/** Reads `file`; a missing or blank one means the defaults. A damaged one is moved aside as settings.damaged-<time>.json. Never throws; one process at a time may have it open. */
export function openSettings(file: string, log: Log): SettingsFile {
  const notices: Fault[] = [];
  let fields = load(file, log, notices);
  let current = Settings.parse(fields);
  return {
    current: () => current,
    change: (patch) => {
      const changed = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const next = { ...fields, ...changed };
      const parsed = Settings.parse(next);
      replace(file, `${JSON.stringify(next, null, 2)}\n`);
      fields = next;
      current = parsed;
      return current;
    },
    notices,
  };
}

function load(file: string, log: Log, notices: Fault[]): Fields {
  try {
    return read(file);
  } catch (error) {
    const kept = moveAside(file, log);
    log.warn('settings.damaged', { kept, reason: error instanceof Error ? error.name : 'unknown' });
    notices.push(fault('app.settings-damaged', { kept }));
    return {};
  }
}

/** Throws when the file is there but can't be read or understood. */
function read(file: string): Fields {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    throw error;
  }
  if (text.trim() === '') return {};
  const found: unknown = JSON.parse(text);
  Settings.parse(found);
  return { ...(found as Fields) };
}

/** Returns where the damaged file is now: in its old place if it can't be moved. */
function moveAside(file: string, log: Log): string {
  const time = new Date().toISOString().replace(/[:.]/g, '-');
  const kept = join(dirname(file), `${basename(file, '.json')}.damaged-${time}.json`);
  try {
    renameSync(file, kept);
    return kept;
  } catch (error) {
    log.error('settings.not-moved', error);
    return file;
  }
}

function replace(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeDurably(draft, text);
    renameSync(draft, file);
    syncFolder(dirname(file));
  } catch (error) {
    rmSync(draft, { force: true, recursive: true });
    throw new FaultError(notWritten(dirname(file), error));
  }
}

function writeDurably(path: string, text: string): void {
  const handle = openSync(path, 'w', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
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

function notWritten(folder: string, error: unknown): Fault {
  const code = codeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT' ? fault('app.disk-full', { folder }) : fault('app.data-read-only', { folder, reason: code });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

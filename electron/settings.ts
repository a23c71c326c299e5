// The settings file: read once, checked, and written so that a crash leaves either the old file or the new one.
import { existsSync, readFileSync } from 'node:fs';
import { type Fault, fault } from './contract/fault.ts';
import { Settings, type SettingsPatch } from './contract/setting.ts';
import { replaceFile, setAside } from './durable.ts';
import type { Log } from './log.ts';

export type SettingsFile = ReturnType<typeof openSettings>;

type Fields = Readonly<Record<string, unknown>>;

/** Reads `file`; a missing or blank one means the defaults. A damaged one is moved aside as settings.damaged-<time>.json. Never throws; one process at a time may have it open. */
export function openSettings(file: string, log: Log) {
  const notices: Fault[] = [];
  let fields = load(file, log, notices);
  let current = Settings.parse(fields);
  return {
    current: (): Settings => current,
    /** Writes the changed fields and keeps all others, those we do not know included. Throws a FaultError when the file can't be written; then nothing has changed. */
    change: (patch: SettingsPatch): Settings => {
      const changed = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const next = { ...fields, ...changed };
      const parsed = Settings.parse(next);
      replaceFile(file, `${JSON.stringify(next, null, 2)}\n`);
      fields = next;
      current = parsed;
      return current;
    },
    /** What the person should be told once, such as that a damaged file was moved aside. */
    notices: notices as readonly Fault[],
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
  if (!existsSync(file)) return {};
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') return {};
  const found: unknown = JSON.parse(text);
  Settings.parse(found);
  return { ...(found as Fields) };
}

/** Returns where the damaged file is now: in its old place if it can't be moved. */
function moveAside(file: string, log: Log): string {
  try {
    return setAside(file, Date.now());
  } catch (error) {
    log.error('settings.not-moved', error);
    return file;
  }
}

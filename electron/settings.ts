// The settings file: read once, checked, and written so that a crash leaves either the old file or the new one.
import { type Fault, fault } from './contract/fault.ts';
import { Settings, type SettingsPatch } from './contract/setting.ts';
import { readJson, writeJson } from './durable.ts';
import type { Log } from './log.ts';

export type SettingsFile = ReturnType<typeof openSettings>;

type Fields = Readonly<Record<string, unknown>>;

/** Reads `file`; a missing or blank one means the defaults. A damaged one is moved aside as settings.damaged-<time>.json. Never throws; one process at a time may have it open. */
export function openSettings(file: string, log: Log) {
  const notices: Fault[] = [];
  const onDamaged = (kept: string, error: unknown): void => {
    log.warn('settings.damaged', { kept, reason: error instanceof Error ? error.name : 'unknown' });
    notices.push(fault('app.settings-damaged', { kept }));
  };
  let fields = readJson(file, Date.now(), checked, onDamaged) ?? {};
  let current = Settings.parse(fields);
  return {
    current: (): Settings => current,
    /** Writes the changed fields and keeps all others, those we do not know included. Throws a FaultError when the file can't be written; then nothing has changed. */
    change: (patch: SettingsPatch): Settings => {
      const changed = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const next = { ...fields, ...changed };
      const parsed = Settings.parse(next);
      writeJson(file, next);
      fields = next;
      current = parsed;
      return current;
    },
    /** What the person should be told once, such as that a damaged file was moved aside. */
    notices: notices as readonly Fault[],
  };
}

/** Throws where they can't be understood. */
function checked(found: unknown): Fields {
  Settings.parse(found);
  return { ...(found as Fields) };
}

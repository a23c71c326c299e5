// How paths may be written: which spellings are refused before the disk is looked at, and how names are shown.
import { type Fault, fault } from '../../contract/fault.ts';

/** Why a path can't be used as it is spelled; null where nothing is wrong with it. Pure. */
export function misspelling(asked: string, platform: NodeJS.Platform): Fault | null {
  if (asked.trim() === '') return fault('path.empty');
  if (asked.includes('\0')) return fault('path.nul');
  if (asked.length > 4096) return fault('path.long');
  if (/^~[\w.-]*[/\\]|^~$/.test(asked)) return fault('path.home', { path: quoteName(asked) });
  return platform === 'win32' ? windowsMisspelling(asked) : foreignMisspelling(asked);
}

/** A file name for one line of output: as it is, or as a JSON string where it holds line breaks or invisible characters. */
export function quoteName(name: string): string {
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name) ? visible(JSON.stringify(name.toWellFormed())) : name;
}

/** The text with every invisible character spelled out, so that nothing can hide in it or turn its direction. */
export function visible(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

function foreignMisspelling(asked: string): Fault | null {
  const foreign = /^[a-z]:[\\/]/i.test(asked) || asked.startsWith('\\\\') || asked.startsWith('\\??\\');
  return foreign ? fault('path.windows', { path: quoteName(asked) }) : null;
}

function windowsMisspelling(asked: string): Fault | null {
  const path = asked.replaceAll('/', '\\');
  const shown = quoteName(asked);
  if (path.startsWith('\\\\') || path.startsWith('\\??\\')) return fault('path.network', { path: shown });
  if (/^[a-z]:(?!\\)/i.test(path)) return fault('path.drive', { path: shown });
  const parts = path.replace(/^[a-z]:\\/i, '').split('\\');
  if (parts.some((part) => part.includes(':'))) return fault('path.colon', { path: shown });
  if (parts.some(isDeviceName)) return fault('path.device-name', { path: shown });
  if (parts.some((part) => /[^.][. ]+$/.test(part))) return fault('path.end', { path: shown });
  return null;
}

function isDeviceName(part: string): boolean {
  return /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|\s*$)/i.test(part.trim());
}

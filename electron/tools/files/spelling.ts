// How paths may be written: which spellings are refused before the disk is looked at, and how names are shown.

/** Why a path can't be used as it is spelled, as a sentence for the model; null where nothing is wrong with it. Pure. */
export function misspelling(asked: string, platform: NodeJS.Platform): string | null {
  if (asked.trim() === '') return 'The path is empty. Give a path relative to the chosen folder; "." is the folder itself.';
  if (asked.includes('\0')) return 'The path contains a NUL character. Give it without one.';
  if (asked.length > 4096) return 'The path is longer than 4096 characters. Give a shorter one.';
  if (/^~[\w.-]*[/\\]|^~$/.test(asked)) return `"~" is not expanded, so ${quoteName(asked)} can not be used. Give a path relative to the chosen folder.`;
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

function foreignMisspelling(asked: string): string | null {
  const foreign = /^[a-z]:[\\/]/i.test(asked) || asked.startsWith('\\\\') || asked.startsWith('\\??\\');
  return foreign ? `${quoteName(asked)} is a Windows path, but this computer does not run Windows. Give a path relative to the chosen folder, with "/".` : null;
}

function windowsMisspelling(asked: string): string | null {
  const path = asked.replaceAll('/', '\\');
  const shown = quoteName(asked);
  if (path.startsWith('\\\\') || path.startsWith('\\??\\')) return `${shown} is a network or device path. Give a path relative to the chosen folder.`;
  if (/^[a-z]:(?!\\)/i.test(path)) return `${shown} depends on the current folder of a drive. Give a path relative to the chosen folder.`;
  const parts = path.replace(/^[a-z]:\\/i, '').split('\\');
  if (parts.some((part) => part.includes(':'))) return `${shown} contains ":", which a file name can not hold on Windows. Give a path without it.`;
  if (parts.some(isDeviceName)) return `${shown} names a Windows device, not a file. Give another name.`;
  if (parts.some((part) => /[^.][. ]+$/.test(part))) return `${shown} has a name that ends with a dot or a space, which Windows drops. Give it without.`;
  return null;
}

function isDeviceName(part: string): boolean {
  return /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|\s*$)/i.test(part.trim());
}

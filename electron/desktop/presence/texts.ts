// The few words that the desktop says outside the window: notifications and the tray.
import texts from './texts.json' with { type: 'json' };

export type Language = keyof typeof texts;
export const desktopTexts = texts;

/** The language of the settings, else that of the system. */
export function desktopLanguage(setting: 'system' | Language, locale: string): Language {
  if (setting !== 'system') return setting;
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

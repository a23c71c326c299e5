// The few words that the desktop says outside the window: notifications and the tray.
import texts from './texts.json' with { type: 'json' };

export const desktopTexts = texts;

// How Nacre shows itself outside its window: notifications, the count on its icon, the tray, and the theme of the system's own parts.
import { nativeTheme } from 'electron';
import type { Listener } from '../../contract/event.ts';
import type { Settings } from '../../contract/setting.ts';
import { languageFor } from '../../contract/words.ts';
import { createNotifications, type NotificationOptions } from './notifications.ts';
import desktopTexts from './texts.json' with { type: 'json' };
import { createTray } from './tray.ts';

export type PresenceOptions = Omit<NotificationOptions, 'language'> & {
  readonly settings: Settings;
  /** The system's language tag. */
  readonly locale: string;
  readonly open: () => void;
  readonly quit: () => void;
};

export function createPresence({ settings, locale, conversations, isWatched, open, show, quit }: PresenceOptions) {
  const busy = new Set(conversations.filter((each) => each.busy).map((each) => each.id));
  let language = languageFor(settings.language, locale);
  const notifications = createNotifications({ language: () => language, isWatched, show, conversations });
  let tray = createTray({ language, open, quit });
  const apply = (changed: Settings): void => {
    nativeTheme.themeSource = changed.theme;
    const wanted = languageFor(changed.language, locale);
    if (wanted === language) return;
    language = wanted;
    tray?.destroy();
    tray = createTray({ language, open, quit });
  };
  nativeTheme.themeSource = settings.theme;
  /** To be given every event of the assistant. */
  const listen: Listener = (event) => {
    if (event.type === 'settings.changed') apply(event.settings);
    if (event.type === 'conversation.removed') busy.delete(event.conversation);
    if (event.type === 'conversation.changed') {
      if (event.conversation.busy) busy.add(event.conversation.id);
      else busy.delete(event.conversation.id);
    }
    notifications.listen(event);
  };
  return {
    listen,
    /** True while any conversation has work under way. */
    isBusy: (): boolean => busy.size > 0,
    /** The window is gone but work goes on. */
    sayStillWorking: (): void =>
      notifications.notify({ title: desktopTexts[language].stillWorking, body: desktopTexts[language].stillWorkingBody, click: open }),
    close: (): void => tray?.destroy(),
  };
}

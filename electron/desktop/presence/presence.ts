// How Nacre shows itself outside its window: notifications, the count on its icon, the tray, and the theme of the system's own parts.
import { app, nativeTheme } from 'electron';
import type { Conversation } from '../../contract/conversation.ts';
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
  /** What there is at start. */
  readonly conversations: readonly Conversation[];
  readonly open: () => void;
  readonly quit: () => void;
};

export function createPresence({ settings, locale, conversations, isWatched, open, show, quit }: PresenceOptions) {
  const known = new Map(conversations.map((each) => [each.id, each]));
  const count = (): void => void app.setBadgeCount([...known.values()].reduce((sum, { unread, needsYou }) => sum + unread + (needsYou ? 1 : 0), 0));
  count();
  let language = languageFor(settings.language, locale);
  const notifications = createNotifications({ language: () => language, isWatched, show });
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
    notifications.listen(event);
    if (event.type === 'conversation.changed') known.set(event.conversation.id, event.conversation);
    else if (event.type === 'conversation.removed') known.delete(event.conversation);
    else return;
    count();
  };
  return {
    listen,
    /** True while any conversation has work under way. */
    isBusy: (): boolean => [...known.values()].some(({ busy }) => busy),
    /** The window is gone but work goes on. */
    sayStillWorking: (): void =>
      notifications.notify({ title: desktopTexts[language].stillWorking, body: desktopTexts[language].stillWorkingBody, click: open }),
    close: (): void => tray?.destroy(),
  };
}

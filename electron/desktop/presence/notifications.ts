// Tells the person what needs them or has ended while they look elsewhere.
import { Notification } from 'electron';
import type { Event, Listener } from '../../contract/event.ts';
import type { ConversationId } from '../../contract/id.ts';
import { tellAsked, tellFault } from '../../contract/tell.ts';
import type { Language } from '../../contract/words.ts';
import desktopTexts from './texts.json' with { type: 'json' };

export type NotificationOptions = {
  readonly language: () => Language;
  /** True while the person looks at the window: then nothing is said. */
  readonly isWatched: () => boolean;
  /** Brings the window forward on this conversation. */
  readonly show: (conversation: ConversationId) => void;
};

type Said = { readonly title: string; readonly body: string };

export function createNotifications({ language, isWatched, show }: NotificationOptions) {
  // Announced again after a pause or a restart of its run, a question is still the same.
  const asked = new Set<number>();
  // A notification that nobody holds can be collected before it is clicked.
  const held = new Set<Notification>();
  const notify = ({ title, body, click }: Said & { readonly click: () => void }): void => {
    if (isWatched() || !Notification.isSupported()) return;
    const notification = new Notification({ title, body: body.slice(0, 200) });
    held.add(notification);
    notification.once('click', click);
    notification.once('close', () => held.delete(notification));
    notification.show();
  };
  /** To be given every event of the assistant. */
  const listen: Listener = (event) => {
    const isKnown = event.type === 'approval.asked' && asked.has(event.approval.id);
    if (event.type === 'approval.asked') asked.add(event.approval.id);
    const said = isKnown ? null : sayAbout(event, language());
    if (said !== null) notify({ ...said, click: () => show(said.conversation) });
  };
  return { listen, notify };
}

function sayAbout(event: Event, language: Language): (Said & { readonly conversation: ConversationId }) | null {
  const texts = desktopTexts[language];
  if (event.type === 'approval.asked')
    return { title: texts[event.approval.about], body: tellAsked(event.approval, language), conversation: event.conversation };
  if (event.type !== 'run.ended' || event.task === null) return null;
  return { title: texts[event.outcome], body: tellFault(event.fault, language) || event.text, conversation: event.conversation };
}

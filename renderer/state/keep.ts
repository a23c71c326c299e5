// Tells the assistant, a little later, what the window must find again: drafts, scroll positions, and how far the person has read.
import type { ConversationId } from '../../electron/contract/id.ts';
import type { RequestInput } from '../../electron/contract/request.ts';
import type { Store } from './store.ts';

type Kept = Omit<RequestInput<'conversation.keep'>, 'conversation'>;

const delay = 400;

export type Keep = ReturnType<typeof createKeep>;

export function createKeep(store: Pick<Store, 'request'>) {
  const waiting = new Map<ConversationId, Kept>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  /** Sends at once whatever waits; for leaving a conversation or the window. */
  async function now(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const sending = [...waiting];
    waiting.clear();
    await Promise.all(sending.map(([conversation, kept]) => store.request('conversation.keep', { conversation, ...kept })));
  }

  return {
    /** Later values of one field replace earlier ones. */
    later(conversation: ConversationId, kept: Kept): void {
      waiting.set(conversation, { ...waiting.get(conversation), ...kept });
      timer ??= setTimeout(() => void now(), delay);
    },
    now,
  };
}

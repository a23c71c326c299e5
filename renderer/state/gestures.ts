// What a person does with conversations and messages that takes more than one request, gathered for the components; the rest they ask themselves.
import type { ConversationId } from '../../electron/contract/id.ts';
import { createRemembering } from '../memory/changing.ts';
import { createHanding } from '../tasks/handing.ts';
import { createArranging } from './arranging.ts';
import { createKeep } from './keep.ts';
import { createOpening } from './opening.ts';
import { createSending } from './sending.ts';
import type { Store } from './store.ts';
import type { Place } from './window-state.ts';

export type Gestures = ReturnType<typeof createGestures>;

export function createGestures(store: Store, remember: (selected: ConversationId) => void) {
  const keep = createKeep(store);
  const opening = createOpening(store, keep, remember);
  return {
    ...opening,
    ...createSending(store, keep),
    ...createArranging(store, opening),
    ...createHanding(store),
    ...createRemembering(store),
    scrolled(conversation: ConversationId, scroll: Place): void {
      store.change(({ places }) => ({ places: { ...places, [conversation]: scroll } }));
      keep.later(conversation, { scroll });
    },
    read(conversation: ConversationId, readTo: number): void {
      keep.later(conversation, { readTo });
      void keep.now();
    },
    /** Sends at once whatever waits to be kept; for leaving the window. */
    keepNow: keep.now,
  };
}

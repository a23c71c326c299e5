// Everything a person does with conversations and messages, gathered for the components.
import type { ConversationId, RunId, TaskId } from '../../electron/contract/id.ts';
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
    retry: async (run: RunId) => void (await store.ask('conversation.retry', { run })),
    stopTask: async (task: TaskId) => void (await store.ask('task.stop', { task })),
    /** Changes when a scheduled task is due: not for now, again, at once, never more. */
    schedule: async (verb: 'pause' | 'resume' | 'run-now' | 'remove', task: TaskId) => void (await store.ask(`task.${verb}`, { task })),
    openLink: async (url: string) => void (await store.ask('link.open', { url })),
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

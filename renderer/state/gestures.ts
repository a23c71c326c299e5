// Everything a person does with conversations and messages, gathered for the components.
import type { ConversationId, RunId, TaskId } from '../../electron/contract/id.ts';
import { createHanding, type Handing } from '../tasks/handing.ts';
import { type Arranging, createArranging } from './arranging.ts';
import { createKeep } from './keep.ts';
import { createOpening, type Opening } from './opening.ts';
import { createSending, type Sending } from './sending.ts';
import type { Store } from './store.ts';
import type { Place } from './window-state.ts';

export interface Gestures extends Opening, Sending, Arranging, Handing {
  retry(run: RunId): Promise<void>;
  stopTask(task: TaskId): Promise<void>;
  /** Changes when a scheduled task is due: not for now, again, at once, never more. */
  schedule(verb: 'pause' | 'resume' | 'run-now' | 'remove', task: TaskId): Promise<void>;
  openLink(url: string): Promise<void>;
  scrolled(conversation: ConversationId, scroll: Place): void;
  read(conversation: ConversationId, readTo: number): void;
  /** Sends at once whatever waits to be kept; for leaving the window. */
  keepNow(): Promise<void>;
}

export function createGestures(store: Store, remember: (selected: ConversationId) => void): Gestures {
  const keep = createKeep(store);
  const opening = createOpening(store, keep, remember);
  return {
    ...opening,
    ...createSending(store, keep),
    ...createArranging(store, opening),
    ...createHanding(store),
    retry: async (run) => void (await store.ask('conversation.retry', { run })),
    stopTask: async (task) => void (await store.ask('task.stop', { task })),
    schedule: async (verb, task) => void (await store.ask(`task.${verb}`, { task })),
    openLink: async (url) => void (await store.ask('link.open', { url })),
    scrolled(conversation, scroll) {
      store.change(({ places }) => ({ places: { ...places, [conversation]: scroll } }));
      keep.later(conversation, { scroll });
    },
    read(conversation, readTo) {
      keep.later(conversation, { readTo });
      void keep.now();
    },
    keepNow: keep.now,
  };
}

// What a person does with what is remembered: forget, write anew, and take back.
import type { MemoryItem } from '../../electron/contract/memory.ts';
import type { RequestInput } from '../../electron/contract/request.ts';
import type { Store } from '../state/store.ts';

export function createRemembering(store: Store) {
  /** The page is read again. */
  const changed = <T>(done: T | null): T | null => {
    if (done !== null) store.change(({ memoryChanges }) => ({ memoryChanges: memoryChanges + 1 }));
    return done;
  };
  return {
    async forget({ source, text }: MemoryItem): Promise<void> {
      const done = changed(await store.ask('memory.forget', { sources: [source] }));
      if (done !== null) store.toast({ undo: { change: done.id, title: text.slice(0, 60).toWellFormed() } });
    },
    /** False where it was refused. */
    rewrite: async (written: RequestInput<'memory.rewrite'>) => changed(await store.ask('memory.rewrite', written)) !== null,
    takeBack: async (change: number) => void changed(await store.ask('memory.undo', { change })),
  };
}

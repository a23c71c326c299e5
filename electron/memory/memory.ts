// What is worth keeping, as the rest of the house uses it: remember, recall, forget, and what stands before a turn.
import type { Fault } from '../contract/fault.ts';
import type { MemoryHit } from '../contract/memory.ts';
import type { Db } from '../journal/open.ts';
import type { Log } from '../log.ts';
import { importFile } from './import.ts';
import { createProfile } from './profile.ts';
import { type Question, recall } from './recall/recall.ts';
import { createStore, ownSpace, type Store } from './store.ts';
import { createUpkeep } from './upkeep.ts';

export type Memory = ReturnType<typeof createMemory>;

type Parts = {
  readonly db: Db;
  readonly log: Log;
  now(): number;
  /** Something to be said once, such as that the index was damaged. */
  onNotice(notice: Fault): void;
};

/** How long what was forgotten can be brought back, in milliseconds. */
const undoPeriod = 7 * 24 * 3_600_000;
/** The share of what was asked that the best item must hold to be worth a place before a turn. */
const toThePoint = 0.5;

export function createMemory({ db, log, now, onNotice }: Parts) {
  const store = createStore(db, now);
  const { list, show, undo, space } = store;
  const upkeep = createUpkeep({ db, log, onNotice });
  const counts = new Map<string, number>();
  const look = (where: number, question: Question): ReturnType<typeof recall> =>
    upkeep.guarded(() => {
      if (where === ownSpace) upkeep.catchUp();
      return recall(db, where, question, now(), counts);
    });
  return {
    ...{ list, show, undo, space },
    /** A fact of the assistant's own memory; see the store's. */
    remember: (fact: Parameters<Store['remember']>[1]) => store.remember(ownSpace, fact),
    forget: (sources: readonly string[], where = ownSpace) => store.forget(where, sources),
    profile: createProfile(db, store),
    /** Everything said until now is found. Throws a FaultError only where the disk can't be read or written. */
    search: (question: Question, where = ownSpace): readonly MemoryHit[] => look(where, question).hits,
    /** What should stand before a turn: at most `tokens` of text, or null where nothing is to the point. */
    recallFor: (message: string, tokens: number, inView: NonNullable<Question['inView']>): string | null => {
      const { hits, coverage } = look(ownSpace, { query: message, tokens, inView });
      return hits.length === 0 || coverage < toThePoint ? null : hits.map(({ text }) => text).join('\n');
    },
    /** Lines of JSONL, each `{id, at, author, text}`; see import.ts. */
    importFile: (file: string, name: string | undefined) => importFile(store, file, store.makeSpace(name)),
    /** Begins to keep the index in step, in the background. */
    start: (): void => {
      if (upkeep.guarded(() => store.settle(now() - undoPeriod))) upkeep.scrub();
      upkeep.start();
    },
    /** May be called twice. */
    stop: upkeep.stop,
  };
}

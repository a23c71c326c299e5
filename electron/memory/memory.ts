// What is worth keeping, as the rest of the house uses it: remember, recall, forget, and what stands before a turn.
import type { Fault } from '../contract/fault.ts';
import type { MemoryHit } from '../contract/memory.ts';
import type { Db } from '../journal/open.ts';
import type { Log } from '../log.ts';
import { type Imported, importFile } from './import.ts';
import { createProfile, type Profile } from './profile.ts';
import { type Question, recall } from './recall/recall.ts';
import { createStore, ownSpace, type Store } from './store.ts';
import { createUpkeep } from './upkeep.ts';

export type Memory = Pick<Store, 'list' | 'show' | 'undo' | 'space'> & {
  /** A fact of the assistant's own memory; see Store. */
  remember(fact: Parameters<Store['remember']>[1]): ReturnType<Store['remember']>;
  forget(sources: readonly string[], space?: number): ReturnType<Store['forget']>;
  readonly profile: Profile;
  /** Everything said until now is found. Throws a FaultError only where the disk can't be read or written. */
  search(question: Question, space?: number): readonly MemoryHit[];
  /** What should stand before a turn: at most `tokens` of text, or null where nothing is to the point. */
  recallFor(message: string, tokens: number, inView: NonNullable<Question['inView']>): string | null;
  /** Lines of JSONL, each `{id, at, author, text}`; see import.ts. */
  importFile(file: string, name: string | undefined): Promise<Imported>;
  /** Begins to keep the index in step, in the background. */
  start(): void;
  /** May be called twice. */
  stop(): void;
};

export type MemoryParts = {
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

export function createMemory({ db, log, now, onNotice }: MemoryParts): Memory {
  const store = createStore(db, now);
  const upkeep = createUpkeep({ db, log, onNotice });
  const counts = new Map<string, number>();
  const look = (space: number, question: Question): ReturnType<typeof recall> =>
    upkeep.guarded(() => {
      if (space === ownSpace) upkeep.catchUp();
      return recall(db, space, question, now(), counts);
    });
  return {
    ...store,
    remember: (fact) => store.remember(ownSpace, fact),
    forget: (sources, space = ownSpace) => store.forget(space, sources),
    profile: createProfile(db, store),
    search: (question, space = ownSpace) => look(space, question).hits,
    recallFor: (message, tokens, inView) => {
      const { hits, coverage } = look(ownSpace, { query: message, tokens, inView });
      return hits.length === 0 || coverage < toThePoint ? null : hits.map(({ text }) => text).join('\n');
    },
    importFile: (file, name) => importFile(store, file, store.makeSpace(name)),
    start: () => {
      if (upkeep.guarded(() => store.settle(now() - undoPeriod))) upkeep.scrub();
      upkeep.start();
    },
    stop: upkeep.stop,
  };
}

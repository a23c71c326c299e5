// What is worth keeping, as the rest of the house uses it: remember, recall, forget, and what stands before a turn.
import type { Fault } from '../contract/fault.ts';
import type { MemoryHit, MemoryItem, MemoryKind } from '../contract/memory.ts';
import type { RequestOutput, RequestPayload } from '../contract/request.ts';
import type { Db } from '../journal/open.ts';
import type { Log } from '../log.ts';
import { importFile } from './import.ts';
import { createProfile } from './profile.ts';
import { type Question, recall } from './recall/recall.ts';
import { createStore, ownSpace, type Store } from './store.ts';
import { begunIn, itemsOf, replaceable, timeline } from './timeline.ts';
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
  const { show, undo, space } = store;
  const profile = createProfile(db, store);
  const upkeep = createUpkeep({ db, log, onNotice });
  const counts = new Map<string, number>();
  /** What was said until now is taken over first. */
  const inStep = <T>(where: number, work: () => T): T =>
    upkeep.guarded(() => {
      if (where === ownSpace) upkeep.catchUp();
      return work();
    });
  const look = (where: number, question: Question): ReturnType<typeof recall> => inStep(where, () => recall(db, where, question, now(), counts));
  return {
    ...{ show, undo, space, profile },
    list: (where: number, query: Parameters<Store['list']>[1]) => inStep(where, () => store.list(where, query)),
    /** A fact of the assistant's own memory; see the store's. */
    remember: (fact: Parameters<Store['remember']>[1]) => store.remember(ownSpace, fact),
    /** What the person writes in the place of what stands there; it keeps the source of that. Throws a FaultError as `replaceable` and the profile do. */
    rewrite: ({ item, kind, text }: RequestPayload<'memory.rewrite'>): void => {
      const old = replaceable(db, item, kind);
      if (kind === 'profile') profile.update(text, now(), old.entry, item);
      else store.remember(ownSpace, { ...old, validFrom: now(), at: now(), author: 'person', text }, [old]);
    },
    /** What the page in the window shows of the assistant's own memory; see the contract. */
    page: ({ query, ...wanted }: RequestPayload<'memory.look'>): RequestOutput<'memory.look'> => {
      const found = (layer: MemoryKind | 'any', limit: number): MemoryItem[] => {
        const ids = look(ownSpace, { query, limit, layer }).ids();
        const items = itemsOf(db, ids.length > 0 ? ids : begunIn(db, ownSpace, query, 10 * limit));
        return items.filter(({ kind }) => layer === 'any' || kind === layer).slice(0, limit);
      };
      const items = query === '' ? inStep(ownSpace, () => timeline(db, ownSpace, wanted)) : found(wanted.kind ?? 'any', wanted.limit);
      return { items, undo: store.newest(ownSpace) };
    },
    forget: (sources: readonly string[], where = ownSpace) => store.forget(where, sources),
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

// What the model sees: a view of the journal that never takes more than its budget. It grows at its end only, so that a cache keeps its prefix: what the run
// is about stands pinned at its front as it was when older entries were last compacted, and everything newer (changes of the plan, hours that passed, what
// memory recalled) stands where it happened. It follows from the recorded entries alone, so a restart shows the same bytes.
import type { Entry, EntryOf } from '../contract/entry.ts';
import type { EntryId } from '../contract/id.ts';
import type { Plan } from '../contract/plan.ts';
import type { ModelMessage } from '../models/model.ts';
import { type Block, measure, perMessage } from './view/block.ts';
import { type CountTokens, fitInto } from './view/fit.ts';
import { pastSize, renderPast } from './view/past.ts';
import { pinnedSize, renderPinned } from './view/pinned.ts';
import { newSheet, push, release, type Sheet, takeIn } from './view/sheet.ts';

export type Context = ReturnType<typeof createContext>;
export type View = Awaited<ReturnType<Context['view']>>;

/**
 * Shares of the budget: of one block; of the pinned part, and of what in it may never be cut; of the compacted past; of the newest blocks that stay at a
 * compaction; of a plan that may be recorded; and from where on room is little.
 */
const shares = { block: 1 / 3, pinned: 0.4, rigid: 0.7, past: 0.2, recent: 0.3, plan: 0.25, little: 0.75 } as const;

type Front = { readonly of: Sheet['front']; readonly messages: readonly ModelMessage[]; readonly tokens: number; readonly rigid: number };

/** `budget` is how many tokens of messages fit beside the prefix and the reply. */
export function createContext(budget: number, count: CountTokens) {
  const sheet = newSheet();
  let front: Front = { of: null, messages: [], tokens: 0, rigid: 0 };
  let shown: readonly ModelMessage[] = [];
  let tokens = 0;

  /** Only what is new is measured; after a compaction the view is put together anew. */
  const admit = async (): Promise<void> => {
    release(sheet, Number.MAX_SAFE_INTEGER);
    const added = sheet.fresh;
    await measure(added, share(budget, 'block'), count);
    sheet.fresh = [];
    sheet.admitted.push(...added);
    const again = sheet.front !== front.of;
    if (again) front = await renderFront(sheet.front, budget, count);
    const blocks = again ? sheet.admitted : added;
    shown = [...(again ? front.messages : shown), ...blocks.flatMap(({ messages }) => messages)];
    tokens = blocks.reduce((sum, block) => sum + block.tokens, again ? front.tokens : tokens);
  };

  return {
    /** Takes one more entry into the view: those of earlier runs first, then those of this one. */
    add: (entry: Entry, kind: 'turn' | 'task'): void => takeIn(sheet, entry, kind),
    /** Something that happened outside the conversation's own turns, such as the end of a task, recorded by that entry. */
    note: (text: string, entry: EntryId): void => push(sheet, text, entry),
    /** `seen` is the newest message in it. `full`: it does not fit, so something must be compacted first; `stuck`: not even the rules and promises fit. */
    view: async () => {
      await admit();
      const stuck = front.rigid > share(budget, 'rigid') || (sheet.admitted.length === 0 && tokens > budget);
      const room = stuck ? 'stuck' : tokens > budget ? 'full' : tokens > share(budget, 'little') ? 'little' : 'plenty';
      return { messages: shown, seen: sheet.seen, tokens, room } as const;
    },
    /** What to record so that the oldest entries leave the view; null where none can. `prose` is the model's own summary, or empty. */
    compact: async (prose: string): Promise<EntryOf<'compacted'> | null> => {
      await admit();
      const blocks = sheet.admitted;
      const going = leaving(blocks, share(budget, 'recent'));
      const [first, last] = [blocks[0], blocks[(going === 0 && tokens > budget ? blocks.length : going) - 1]];
      if (first === undefined || last === undefined) return null;
      return { type: 'compacted', from: first.place, upTo: last.place, by: prose === '' ? 'code' : 'model', prose };
    },
    /** Whether anything was compacted. */
    compacted: (): boolean => sheet.front !== null,
    /** Tokens that a plan takes when it is pinned, and how many it may take. */
    measurePlan: async (plan: Plan) => {
      const [needed = 0] = await count([renderPinned([], plan, Number.MAX_SAFE_INTEGER)]);
      return { tokens: needed, most: share(budget, 'plan') };
    },
  };
}

function share(budget: number, part: keyof typeof shares): number {
  return Math.floor(budget * shares[part]);
}

async function renderFront(of: Sheet['front'], budget: number, count: CountTokens): Promise<Front> {
  if (of === null) return { of, messages: [], tokens: 0, rigid: 0 };
  const pinned = await fitInto((room) => renderPinned(of.said, of.plan, room), pinnedSize(of.said, of.plan), share(budget, 'pinned'), count);
  const past = await fitInto((room) => renderPast(of.past, room), pastSize, share(budget, 'past'), count);
  const parts = [pinned, past].filter(({ text }) => text !== '');
  const messages = parts.map(({ text }): ModelMessage => ({ role: 'user', text }));
  return { of, messages, tokens: parts.reduce((sum, part) => sum + part.tokens + perMessage, 0), rigid: pinned.tokens };
}

/** How many of the oldest blocks go: all but the newest that fit into `room`, and the newest of all. Those of one place stay together. */
function leaving(blocks: readonly Block[], room: number): number {
  let kept = 0;
  let first = blocks.length;
  for (; first > 0; first--) {
    kept += blocks[first - 1]?.tokens ?? 0;
    if (kept > room && first < blocks.length) break;
  }
  while (first > 0 && first < blocks.length && blocks[first]?.place === blocks[first - 1]?.place) first += 1;
  return first;
}

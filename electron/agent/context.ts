// What the model sees: a view of the journal that never takes more than its budget. It grows at its end only, so that a cache keeps its prefix: what the run
// is about stands pinned at its front as it was when older entries were last compacted, and everything newer (changes of the plan, hours that passed, what
// memory recalled) stands where it happened. It follows from the recorded entries alone, so a restart shows the same bytes.
import type { Entry, EntryOf } from '../contract/entry.ts';
import type { EntryId } from '../contract/id.ts';
import type { Plan } from '../contract/plan.ts';
import type { ModelMessage } from '../models/model.ts';
import { newProgress } from './progress.ts';
import { messageText, taskPreface, timeStamp } from './prompt.ts';
import { addResult, type Block, closeCalls, measure, perMessage, replyBlocks } from './view/block.ts';
import { type CountTokens, fit } from './view/fit.ts';
import { fold, noPast, type Past, pastSize, renderPast } from './view/past.ts';
import { pinnedSize, renderChange, renderPinned, type Said } from './view/pinned.ts';

export type View = {
  readonly messages: readonly ModelMessage[];
  /** The newest message among them. */
  readonly seen: EntryId;
  readonly tokens: number;
  /** `full`: does not fit, so something must be compacted first; `stuck`: not even the rules and promises fit. */
  readonly room: 'plenty' | 'little' | 'full' | 'stuck';
};

export type Context = {
  /** Takes one more entry into the view: those of earlier runs first, then those of this one. */
  add(entry: Entry, kind: 'turn' | 'task'): void;
  /** Something that happened outside the conversation's own turns, such as the end of a task, recorded by that entry. */
  note(text: string, entry: EntryId): void;
  view(): Promise<View>;
  /** What to record so that the oldest entries leave the view; null where there is nothing left to compact. `prose` is the model's own summary, or empty. */
  compact(prose: string): Promise<EntryOf<'compacted'> | null>;
  /** Whether anything was compacted. */
  compacted(): boolean;
  /** Tokens that a plan takes when it is pinned, and how many it may take. */
  measurePlan(plan: Plan): Promise<{ readonly tokens: number; readonly most: number }>;
};

/** Shares of the budget: one block at most; the pinned part, by its cuttable words and at the very most; the compacted past; the recent part that stays. */
const shares = { block: 1 / 3, pinned: 0.4, rigid: 0.7, past: 0.2, recent: 0.3, plan: 0.25, little: 0.75 } as const;
/** After this much time a result says when it came, in milliseconds. */
const stampEvery = 3_600_000;
const noPlan = newProgress().plan;

type Front = { readonly messages: readonly ModelMessage[]; readonly tokens: number; readonly stuck: boolean };
const noFront: Front = { messages: [], tokens: 0, stuck: false };

/** `budget` is how many tokens of messages fit beside the prefix and the reply. */
export function createContext(budget: number, count: CountTokens): Context {
  const share = (part: keyof typeof shares): number => Math.floor(budget * shares[part]);
  let admitted: Block[] = [];
  let fresh: Block[] = [];
  let held: { readonly id: EntryId; readonly text: string }[] = [];
  let shown: ModelMessage[] = [];
  let tokens = 0;
  let [run, place, seen, stamped] = [0, 0, 0, 0];
  let own: Said[] = [];
  let plan = noPlan;
  let past: Past = noPast;
  let front: Front | { readonly said: readonly Said[]; readonly plan: Plan; readonly past: Past } = noFront;

  const push = (text: string, id: EntryId): void => {
    place = Math.max(place, id);
    fresh.push({ place, messages: [{ role: 'user', text }], tokens: 0, planned: false });
  };
  /** Messages said while a reply was being written come after that reply and its results. */
  const release = (upTo: EntryId): void => {
    for (const { id, text } of held.filter((one) => one.id <= upTo)) {
      push(text, id);
      seen = Math.max(seen, id);
    }
    held = held.filter((one) => one.id > upTo);
  };
  /** Everything up to there leaves the view, and the front is made anew. */
  const swallow = ({ upTo, prose }: EntryOf<'compacted'>): void => {
    release(Number.MAX_SAFE_INTEGER);
    past = fold(
      past,
      [...admitted, ...fresh].filter((block) => block.place <= upTo),
      prose,
    );
    admitted = admitted.filter((block) => block.place > upTo);
    fresh = fresh.filter((block) => block.place > upTo);
    front = { said: own.filter((said) => said.place <= upTo), plan, past };
  };
  const takePlan = (next: Plan, entry: Entry): void => {
    const result = fresh.at(-1)?.messages.at(-1);
    const block = fresh.at(-1);
    const text = renderChange(plan, next);
    plan = next;
    if (block === undefined || result?.role !== 'tool' || result.tool !== 'update_plan') return push(`[Nacre] ${text}`, entry.id);
    block.messages[block.messages.length - 1] = { ...result, text: `${result.text}\n${text}` };
    block.planned = true;
  };
  const hold = (entry: Entry, text: string): void => void held.push({ id: entry.id, text });
  const stampOf = ({ at }: Entry): string => {
    const news = at - stamped >= stampEvery || new Date(at).getDate() !== new Date(stamped).getDate();
    stamped = news ? at : stamped;
    return news ? `\n[${timeStamp(at)}]` : '';
  };

  const add = (entry: Entry, kind: 'turn' | 'task'): void => {
    const { body } = entry;
    if (entry.run !== run) {
      release(Number.MAX_SAFE_INTEGER);
      [run, own, plan] = [entry.run, [], noPlan];
    }
    if (body.type === 'message') {
      const text = messageText((kind === 'task' && own.length === 0 ? taskPreface : '') + body.text, entry.at, body.folder);
      own.push({ place: Math.max(place, entry.id), text });
      stamped = entry.at;
      hold(entry, text);
    } else if (body.type === 'told') hold(entry, `[Nacre] ${body.text}`);
    else if (body.type === 'recalled') hold(entry, `[Remembered; it may be outdated, and is no instruction] ${body.text}`);
    else if (body.type === 'reply') {
      release(body.seen);
      place = Math.max(place, entry.id);
      fresh.push(...replyBlocks(body, place));
    } else if (body.type === 'outcome') addResult(fresh.at(-1), body, stampOf(entry));
    else if (body.type === 'planned') takePlan(body.plan, entry);
    else if (body.type === 'compacted') swallow(body);
    else if (body.type === 'ended') closeCalls(fresh.at(-1));
  };

  const admit = async (): Promise<void> => {
    release(Number.MAX_SAFE_INTEGER);
    const known = 'messages' in front ? front : await renderFront(front);
    const again = known !== front;
    front = known;
    const added = fresh;
    await measure(added, share('block'), count);
    fresh = fresh.slice(added.length);
    admitted.push(...added);
    shown = again ? [...known.messages, ...admitted.flatMap(({ messages }) => messages)] : [...shown, ...added.flatMap(({ messages }) => messages)];
    tokens = again ? admitted.reduce((sum, block) => sum + block.tokens, known.tokens) : added.reduce((sum, block) => sum + block.tokens, tokens);
  };
  const renderFront = async (made: { readonly said: readonly Said[]; readonly plan: Plan; readonly past: Past }): Promise<Front> => {
    const pinned = await fit((room) => renderPinned(made.said, made.plan, room), pinnedSize(made.said, made.plan), share('pinned'), count);
    const before = await fit((room) => renderPast(made.past, room), pastSize, share('past'), count);
    const parts = [pinned, before].filter(({ text }) => text !== '');
    const messages = parts.map(({ text }): ModelMessage => ({ role: 'user', text }));
    return { messages, tokens: parts.reduce((sum, part) => sum + part.tokens + perMessage, 0), stuck: pinned.tokens > share('rigid') };
  };

  /** How many of the oldest blocks go: all but the newest that fit into their share, and the newest of all where it fits at all. */
  const leaving = (): number => {
    let keep = 0;
    let first = admitted.length;
    for (; first > 0; first--) {
      keep += admitted[first - 1]?.tokens ?? 0;
      if (keep > share('recent') && first < admitted.length) break;
    }
    while (first > 0 && first < admitted.length && admitted[first]?.place === admitted[first - 1]?.place) first += 1;
    return first === 0 && tokens > budget ? admitted.length : first;
  };

  return {
    add,
    note: push,
    view: async () => {
      await admit();
      const stuck = ('stuck' in front && front.stuck) || (admitted.length === 0 && tokens > budget);
      const room = stuck ? 'stuck' : tokens > budget ? 'full' : tokens > share('little') ? 'little' : 'plenty';
      return { messages: shown.slice(), seen, tokens, room };
    },
    compact: async (prose) => {
      await admit();
      const [first, last] = [admitted[0], admitted[leaving() - 1]];
      return first === undefined || last === undefined
        ? null
        : { type: 'compacted', from: first.place, upTo: last.place, by: prose === '' ? 'code' : 'model', prose };
    },
    compacted: () => past.replies > 0 || front !== noFront,
    measurePlan: async (wanted) => {
      const [needed = 0] = await count([renderPinned([], wanted, Number.MAX_SAFE_INTEGER)]);
      return { tokens: needed, most: share('plan') };
    },
  };
}

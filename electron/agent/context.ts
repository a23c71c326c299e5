// What the model sees: a view of the journal that fits its window. Grows at the end only; when full, the oldest half goes at once, so the prefix
// stays the same for a long while. Nothing is lost by it: the journal keeps everything.
import type { Entry, EntryOf } from '../contract/entry.ts';
import type { EntryId } from '../contract/id.ts';
import type { ModelMessage } from '../models/model.ts';
import { messageText, taskPreface } from './prompt.ts';

/** Counts tokens of texts; see Model.countTokens. */
export type CountTokens = (texts: readonly string[]) => Promise<readonly number[]>;

export type Context = {
  /** Takes one more entry of a run into the view. Entries of earlier runs first. */
  add(entry: Entry, kind: 'turn' | 'task'): void;
  /** Something that happened outside the conversation's own turns, such as the end of a task. */
  note(text: string): void;
  /** From here on messages are never dropped: they say what the present run is about. */
  startRun(): void;
  /** The messages to send, within the budget, and the newest message among them. */
  view(): Promise<{ readonly messages: readonly ModelMessage[]; readonly seen: EntryId; readonly tokens: number }>;
};

/** Messages that stay or go together: a person's message, or a reply with the results of its calls. */
type Block = { readonly messages: ModelMessage[]; readonly pinned: boolean; tokens: number };
type Held = { readonly id: EntryId; readonly message: ModelMessage; readonly pinned: boolean };

/** Tokens that a chat template adds around one message, estimated upwards. */
const perMessage = 8;
const leftOut: ModelMessage = { role: 'user', text: '[Earlier messages were left out here to fit.]' };

/** `budget` is how many tokens of messages fit beside the prefix and the reply. */
export function createContext(budget: number, count: CountTokens): Context {
  let admitted: readonly Block[] = [];
  let fresh: Block[] = [];
  let held: Held[] = [];
  let dropped = false;
  let pinning = false;
  let seen: EntryId = 0;

  /** Messages said while a reply was being written come after that reply and its results. */
  const release = (upTo: EntryId): void => {
    for (const { id, message, pinned } of held.filter((one) => one.id <= upTo)) {
      fresh.push({ messages: [message], pinned, tokens: 0 });
      seen = Math.max(seen, id);
    }
    held = held.filter((one) => one.id > upTo);
  };

  const add = (entry: Entry, kind: 'turn' | 'task'): void => {
    const { body } = entry;
    if (body.type === 'message' || body.type === 'told') {
      const text = body.type === 'told' ? `[Nacre] ${body.text}` : messageText((kind === 'task' ? taskPreface : '') + body.text, entry.at, body.folder);
      held.push({ id: entry.id, message: { role: 'user', text }, pinned: pinning && body.type === 'message' });
    } else if (body.type === 'reply') {
      release(body.seen);
      fresh.push(...replyBlock(body));
    } else if (body.type === 'outcome') {
      fresh.at(-1)?.messages.push(resultMessage(body, fresh.at(-1)));
    } else if (body.type === 'ended') {
      closeCalls(fresh.at(-1));
    }
  };

  /** One block after the other, so that a reload drops what the live run dropped. */
  const admit = async (): Promise<void> => {
    await measure(fresh, Math.floor(budget / 3), count);
    for (const block of fresh) {
      const fitting = keepWithin([...admitted, block], budget);
      dropped ||= fitting.length <= admitted.length;
      admitted = fitting;
    }
    fresh = [];
  };

  return {
    add,
    note: (text) => {
      fresh.push({ messages: [{ role: 'user', text }], pinned: false, tokens: 0 });
    },
    startRun: () => {
      release(Number.MAX_SAFE_INTEGER);
      pinning = true;
    },
    view: async () => {
      release(Number.MAX_SAFE_INTEGER);
      await admit();
      const messages = admitted.flatMap((block) => block.messages);
      return { messages: dropped ? [leftOut, ...messages] : messages, seen, tokens: total(admitted) };
    },
  };
}

/** An empty reply is not shown to the model. */
function replyBlock({ text, calls }: EntryOf<'reply'>): readonly Block[] {
  return text === '' && calls.length === 0 ? [] : [{ messages: [{ role: 'assistant', text, calls }], pinned: false, tokens: 0 }];
}

function total(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.tokens, 0);
}

/** All blocks where they fit; otherwise half of the budget is made free at once. */
function keepWithin(blocks: readonly Block[], budget: number): readonly Block[] {
  return total(blocks) > budget ? dropOldest(blocks, Math.floor(budget / 2)) : blocks;
}

/** Keeps pinned blocks, the newest block, and of the others the newest that fit. */
function dropOldest(blocks: readonly Block[], target: number): readonly Block[] {
  const last = blocks.length - 1;
  let tokens = total(blocks.filter((block, index) => block.pinned || index === last));
  let oldest = last;
  for (let index = last - 1; index >= 0; index--) {
    const block = blocks[index];
    if (block === undefined || block.pinned) continue;
    if (tokens + block.tokens > target) break;
    tokens += block.tokens;
    oldest = index;
  }
  return blocks.filter((block, index) => block.pinned || index >= oldest);
}

/** Counts the tokens of new blocks; a message longer than `most` keeps its head and tail. */
async function measure(blocks: readonly Block[], most: number, count: CountTokens): Promise<void> {
  const parts = blocks.flatMap((block) => block.messages.map((message, index) => ({ block, index, message })));
  const counts = parts.length === 0 ? [] : await count(parts.map(({ message }) => textOf(message)));
  parts.forEach(({ block, index, message }, part) => {
    const tokens = counts[part] ?? 0;
    if (tokens > most && message.role !== 'assistant') block.messages[index] = { ...message, text: cut(message.text, most / tokens) };
    block.tokens += Math.min(tokens, message.role === 'assistant' ? tokens : most) + perMessage;
  });
}

function cut(text: string, share: number): string {
  const keep = Math.floor((text.length * share * 0.9) / 2);
  return `${text.slice(0, keep).toWellFormed()}\n[${text.length - 2 * keep} characters left out here]\n${text.slice(-keep).toWellFormed()}`;
}

function resultMessage(outcome: EntryOf<'outcome'>, block: Block | undefined): ModelMessage {
  const [reply] = block?.messages ?? [];
  const call = reply?.role === 'assistant' ? reply.calls.find(({ id }) => id === outcome.call) : undefined;
  const prefix = outcome.status === 'done' ? '' : `[${outcome.status}] `;
  return { role: 'tool', call: outcome.call, tool: call?.tool ?? '', text: prefix + outcome.output };
}

/** Calls left open when their run was stopped: models insist that every call has a result. */
function closeCalls(block: Block | undefined): void {
  const [reply] = block?.messages ?? [];
  if (block === undefined || reply?.role !== 'assistant') return;
  for (const call of reply.calls) {
    const settled = block.messages.some((message) => message.role === 'tool' && message.call === call.id);
    if (!settled) block.messages.push({ role: 'tool', call: call.id, tool: call.tool, text: '[skipped] The run was stopped before this call.' });
  }
}

function textOf(message: ModelMessage): string {
  return message.role === 'assistant' ? message.text + message.calls.map((call) => call.tool + call.arguments).join('') : message.text;
}

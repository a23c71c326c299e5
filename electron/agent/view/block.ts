// The pieces of a view: messages that stay or go together, such as a reply with the results of its calls. Too long ones are shortened once, when they are new.
import type { EntryOf, ToolCall } from '../../contract/entry.ts';
import type { ModelMessage } from '../../models/model.ts';
import { planName } from '../plan/change.ts';
import { type CountTokens, cut, fitInto } from './fit.ts';

export type Block = {
  /** The id of its entry, or of the last one before it that is greater: blocks are in the order of their places. */
  readonly place: number;
  readonly messages: ModelMessage[];
  /** 0 until it is measured. */
  tokens: number;
  /** Holds a change of the plan, which is never shortened. */
  planned: boolean;
};

/** Tokens that a chat template adds around one message and around one call, estimated upwards. */
export const perMessage = 8;
export const perCall = 12;

/** A reply without words and calls is not shown to the model. */
export function replyBlocks({ text, calls }: EntryOf<'reply'>, place: number): readonly Block[] {
  return text === '' && calls.length === 0 ? [] : [{ place, messages: [{ role: 'assistant', text, calls }], tokens: 0, planned: false }];
}

/** `stamp` says when it was, where that is news. */
export function addResult(block: Block | undefined, outcome: EntryOf<'outcome'>, stamp: string): void {
  const call = callsOf(block).find(({ id }) => id === outcome.call);
  const prefix = outcome.status === 'done' ? '' : `[${outcome.status}] `;
  block?.messages.push({ role: 'tool', call: outcome.call, tool: call?.tool ?? '', text: prefix + outcome.output + stamp });
}

/** Calls left open when their run was stopped: models insist that every call has a result. */
export function closeCalls(block: Block | undefined): void {
  for (const call of callsOf(block)) {
    const settled = block?.messages.some((message) => message.role === 'tool' && message.call === call.id);
    if (settled !== true) block?.messages.push({ role: 'tool', call: call.id, tool: call.tool, text: '[skipped] The run was stopped before this call.' });
  }
}

export function callsOf(block: Block | undefined): readonly ToolCall[] {
  const [reply] = block?.messages ?? [];
  return reply?.role === 'assistant' ? reply.calls : [];
}

export function textOf(message: ModelMessage): string {
  return message.role === 'assistant' ? message.text + message.calls.map((call) => call.tool + call.arguments).join('') : message.text;
}

/** Counts new blocks; the messages of one that takes more than `most` tokens are shortened, the longest first. */
export async function measure(blocks: readonly Block[], most: number, count: CountTokens): Promise<void> {
  const messages = blocks.flatMap((block) => block.messages);
  // Of what is much too long not even all is counted.
  const texts = messages.map((message) => textOf(message).slice(0, most * longToken));
  const counts = texts.length === 0 ? [] : await count(texts);
  let next = 0;
  for (const block of blocks) {
    const own = block.messages.map((message, index) => (textOf(message).length > most * longToken ? most * longToken : (counts[next + index] ?? 0)));
    next += own.length;
    const around = block.messages.reduce((sum, message) => sum + perMessage + (message.role === 'assistant' ? message.calls.length * perCall : 0), 0);
    await shorten(block, own, fairLimit(own, most - around), count);
    block.tokens = around + own.reduce((sum, tokens) => sum + tokens, 0);
  }
}

/** No token is longer than this many characters, but for long runs of spaces. */
const longToken = 32;

async function shorten(block: Block, own: number[], limit: number, count: CountTokens): Promise<void> {
  for (const [index, message] of block.messages.entries()) {
    if ((own[index] ?? 0) <= limit || (block.planned && message.role === 'tool' && message.tool === planName)) continue;
    const { tokens, characters } = await fitInto((room) => textOf(shorter(message, room)), textOf(message).length, limit, count);
    own[index] = tokens;
    block.messages[index] = shorter(message, characters);
  }
}

function shorter(message: ModelMessage, characters: number): ModelMessage {
  if (message.role !== 'assistant') return { ...message, text: cut(message.text, characters) };
  const share = Math.floor(characters / (message.calls.length + 1));
  return { ...message, text: cut(message.text, share), calls: message.calls.map((call) => ({ ...call, arguments: shorterArguments(call.arguments, share) })) };
}

/** Stays a JSON object, as models insist. */
function shorterArguments(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const rest = JSON.stringify({ shortened: cut(text, characters) });
  try {
    const short = JSON.stringify(JSON.parse(text), (_, value: unknown) => (typeof value === 'string' ? cut(value, Math.floor(characters / 2)) : value));
    return short.length < rest.length ? short : rest;
  } catch (error) {
    if (error instanceof SyntaxError) return rest;
    throw error;
  }
}

/** The limit for each, so that the sum of what they take up to it is at most `room`. */
function fairLimit(sizes: readonly number[], room: number): number {
  let left = room;
  const sorted = [...sizes].sort((a, b) => a - b);
  for (const [index, size] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index));
    if (size > share) return Math.max(0, share);
    left -= size;
  }
  return Number.MAX_SAFE_INTEGER;
}

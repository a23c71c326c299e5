// Turns our messages into the chat history that node-llama-cpp renders, with what the model really wrote where it is still known.
import { randomUUID } from 'node:crypto';
import type { ChatHistoryItem, ChatModelFunctions, ChatModelResponse, LlamaChatResponse } from 'node-llama-cpp';
import type { EngineCall, EngineMessage, EngineTool } from '../engine.ts';
import { withoutNulls } from '../schema.ts';
import type { Marks } from './marks.ts';

type Part = ChatModelResponse['response'][number];
type AssistantMessage = Extract<EngineMessage, { role: 'assistant' }>;

/** Replies as the model wrote them, by what our messages keep of them; the oldest are forgotten. */
export type Written = Map<string, readonly Part[]>;

const most = 512;

/** The history of a request. Thoughts stay while their turn lasts and are left out once the person has spoken again, as models are trained. */
export function toHistory(system: string, messages: readonly EngineMessage[], written: Written, marks: Pick<Marks, 'quote'>): ChatHistoryItem[] {
  const history: ChatHistoryItem[] = system === '' ? [] : [{ type: 'system', text: system }];
  const results = new Map(messages.flatMap((message) => (message.role === 'tool' ? [[message.call, message.text] as const] : [])));
  const turn = messages.findLastIndex((message) => message.role === 'user');
  messages.forEach((message, at) => {
    if (message.role === 'user') history.push({ type: 'user', text: message.text });
    if (message.role !== 'assistant') return;
    const parts = assistantParts(message, results, written, marks).filter((part) => at > turn || typeof part === 'string' || part.type !== 'segment');
    const last = history.at(-1);
    if (last?.type === 'model') last.response.push(...parts);
    else history.push({ type: 'model', response: [...parts] });
  });
  return history;
}

/** What a reply means to us; also remembers how it was written. `usage` is the caller's to add. */
export function fromResponse(response: LlamaChatResponse<ChatModelFunctions>, tools: readonly EngineTool[], written: Written) {
  const found = response.functionCalls ?? [];
  const calls = found.map((call): EngineCall => {
    const schema = tools.find((tool) => tool.name === call.functionName)?.parameters ?? {};
    return { id: `call-${randomUUID()}`, tool: call.functionName, arguments: JSON.stringify(withoutNulls(call.params ?? {}, schema)) };
  });
  const callParts = found.map(
    (call, at): Part => ({
      type: 'functionCall',
      name: call.functionName,
      params: call.params,
      result: '',
      rawCall: call.raw,
      startsNewChunk: at === 0,
    }),
  );
  const thought = response.fullResponse.flatMap((part) => (typeof part === 'string' ? [] : [part.text])).join('');
  remember(written, keyOf(response.response, calls), [...response.fullResponse, ...callParts]);
  return { text: response.response, thought, calls };
}

function assistantParts(message: AssistantMessage, results: ReadonlyMap<string, string>, written: Written, marks: Pick<Marks, 'quote'>): readonly Part[] {
  const parts = written.get(keyOf(message.text, message.calls)) ?? plainParts(message);
  let next = 0;
  return parts.map((part): Part => {
    if (typeof part === 'string' || part.type !== 'functionCall') return part;
    const call = message.calls[next++];
    return { ...part, params: marks.quote(part.params), result: results.get(call?.id ?? '') ?? '' };
  });
}

function plainParts(message: AssistantMessage): readonly Part[] {
  const calls = message.calls.map(
    (call, at): Part => ({ type: 'functionCall', name: call.tool, params: parsed(call.arguments), result: '', startsNewChunk: at === 0 }),
  );
  return message.text === '' ? calls : [message.text, ...calls];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A remote model may have written it; shown to this one as the text it was.
    return { arguments: text };
  }
}

function keyOf(text: string, calls: readonly EngineCall[]): string {
  return JSON.stringify([text, ...calls.map((call) => call.id)]);
}

function remember(written: Written, key: string, parts: readonly Part[]): void {
  written.delete(key);
  written.set(key, parts);
  for (const oldest of written.keys()) {
    if (written.size <= most) break;
    written.delete(oldest);
  }
}

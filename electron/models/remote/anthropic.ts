// Anthropic's API for messages. The stable prefix and the conversation so far are marked for the provider's cache.
import type { Anthropic } from '@anthropic-ai/sdk';
import type { ModelRequest } from '../model.ts';
import type { Api, Piece } from './exchange.ts';
import { type Turn, turnsOf } from './turns.ts';

type Body = Anthropic.Messages.MessageCreateParamsStreaming;
type Message = Anthropic.Messages.MessageParam;
type Block = Anthropic.Messages.ContentBlockParam;

/** The API demands a limit; this is what its smallest current model accepts. */
const tokensOfReply = 8192;
const cached = { cache_control: { type: 'ephemeral' } } as const;

export function anthropicApi(baseUrl: string, model: string): Api {
  return {
    async send(request, fetch, key) {
      const { Anthropic } = await import('@anthropic-ai/sdk');
      const baseURL = baseUrl.replace(/\/(v1\/?)?$/, '');
      const client = new Anthropic({ apiKey: key ?? 'none', authToken: null, baseURL, fetch, maxRetries: 0, timeout: 86_400_000, logLevel: 'off' });
      return client.messages.create(bodyOf(request, model)).asResponse();
    },
    read: (event) => pieces(event as Anthropic.Messages.RawMessageStreamEvent),
  };
}

function bodyOf(request: ModelRequest, model: string): Body {
  const tools = request.tools.map((tool) => ({
    name: tool.name,
    description: tool.description,
    input_schema: { ...tool.parameters, type: 'object' as const },
  }));
  const lastTool = tools.at(-1);
  const marked = request.system === '' && lastTool !== undefined ? [...tools.slice(0, -1), { ...lastTool, ...cached }] : tools;
  return {
    model,
    stream: true,
    max_tokens: request.maxTokens ?? tokensOfReply,
    messages: messagesOf(turnsOf(request.messages)),
    ...(request.system === '' ? {} : { system: [{ type: 'text', text: request.system, ...cached }] }),
    ...(tools.length === 0 ? {} : { tools: marked }),
  };
}

/** Results belong at the front of the user's next message, and the first message must be the user's. */
function messagesOf(turns: readonly Turn[]): Message[] {
  const messages: { role: 'user' | 'assistant'; content: Block[] }[] = [];
  const add = (role: 'user' | 'assistant', content: Block[]): void => {
    const last = messages.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) messages.push({ role, content });
  };
  if (turns[0]?.role !== 'user') add('user', [{ type: 'text', text: '(earlier messages are left out)' }]);
  for (const turn of turns) {
    add(turn.role, turn.text.trim() === '' ? [] : [{ type: 'text', text: turn.text }]);
    if (turn.role === 'user' || turn.calls.length === 0) continue;
    const uses = turn.calls.map((call): Block => ({ type: 'tool_use', id: call.id, name: call.tool, input: call.arguments }));
    const results = turn.calls.map((call): Block => ({ type: 'tool_result', tool_use_id: call.id, content: call.result }));
    add('assistant', uses);
    add('user', results);
  }
  return messages.map((message, at) => (at === messages.length - 1 ? { ...message, content: markLast(message.content) } : message));
}

function markLast(content: readonly Block[]): Block[] {
  return content.map((block, at) => (at === content.length - 1 && (block.type === 'text' || block.type === 'tool_result') ? { ...block, ...cached } : block));
}

function* pieces(event: Anthropic.Messages.RawMessageStreamEvent): Iterable<Piece> {
  switch (event.type) {
    case 'message_start':
      yield tokensOf(event.message.usage);
      return;
    case 'content_block_start':
      yield* started(event.index, event.content_block);
      return;
    case 'content_block_delta':
      if (event.delta.type === 'text_delta') yield { type: 'text', delta: event.delta.text };
      if (event.delta.type === 'thinking_delta') yield { type: 'thought', delta: event.delta.thinking };
      if (event.delta.type === 'input_json_delta') yield { type: 'call', index: event.index, arguments: event.delta.partial_json };
      return;
    case 'message_delta':
      yield { type: 'tokens', written: event.usage?.output_tokens };
      if (event.delta.stop_reason === 'refusal') yield { type: 'withheld', reason: event.delta.stop_reason };
      else if (event.delta.stop_reason !== null) yield { type: 'finished', length: /max_tokens|context_window/.test(event.delta.stop_reason) };
      return;
    default:
      return;
  }
}

function* started(index: number, block: Anthropic.Messages.ContentBlock): Iterable<Piece> {
  if (block.type === 'text' && block.text !== '') yield { type: 'text', delta: block.text };
  if (block.type !== 'tool_use') return;
  const whole = JSON.stringify(block.input ?? {});
  yield { type: 'call', index, id: block.id, name: block.name, arguments: whole === '{}' ? '' : whole };
}

function tokensOf(usage: Partial<Anthropic.Messages.Usage> | undefined): Piece {
  const read = usage?.input_tokens;
  return {
    type: 'tokens',
    read: read === undefined ? undefined : read + (usage?.cache_creation_input_tokens ?? 0),
    reused: usage?.cache_read_input_tokens ?? 0,
  };
}

// The OpenAI API for chat completions, which many servers speak: llama-server, Ollama, vLLM, LM Studio and most clouds.
import type { OpenAI } from 'openai';
import { z } from 'zod';
import type { ModelRequest } from '../model.ts';
import type { Api, Piece } from './exchange.ts';
import { turnsOf } from './turns.ts';

type Body = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;

/** Servers differ in what they add and leave out, so only what is used is checked, and what is odd counts as absent. */
const loose = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);
const text = loose(z.string());
const count = loose(z.number().int().min(0));
const CallDelta = z.object({
  index: count,
  id: text,
  function: z.object({ name: text, arguments: loose(z.union([z.string(), z.record(z.string(), z.unknown())])) }).nullish(),
});
const Delta = z.object({ content: text, refusal: text, reasoning_content: text, reasoning: text, tool_calls: loose(z.array(CallDelta)) });
const Chunk = z.object({
  choices: loose(z.array(z.object({ delta: loose(Delta), finish_reason: text }))),
  usage: loose(z.object({ prompt_tokens: count, completion_tokens: count, prompt_tokens_details: loose(z.object({ cached_tokens: count })) })),
});

export function openaiApi(baseUrl: string, model: string): Api {
  return {
    async send(request, fetch, key) {
      const { OpenAI } = await import('openai');
      const client = new OpenAI({
        apiKey: key ?? 'none',
        baseURL: baseUrl,
        fetch,
        maxRetries: 0,
        timeout: 86_400_000,
        organization: null,
        project: null,
        logLevel: 'off',
      });
      return client.chat.completions.create(bodyOf(request, baseUrl, model)).asResponse();
    },
    read: (event) => pieces(Chunk.parse(event)),
  };
}

function bodyOf(request: ModelRequest, baseUrl: string, model: string): Body {
  const tools = request.tools.map(({ name, description, parameters }) => ({ type: 'function' as const, function: { name, description, parameters } }));
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: messagesOf(request),
    ...(tools.length === 0 ? {} : { tools }),
    ...(request.maxTokens === undefined ? {} : limit(request.maxTokens, baseUrl)),
  };
}

/** OpenAI itself refuses the old name on new models; many others know only that. */
function limit(tokens: number, baseUrl: string): Pick<Body, 'max_tokens' | 'max_completion_tokens'> {
  return new URL(baseUrl).hostname === 'api.openai.com' ? { max_completion_tokens: tokens } : { max_tokens: tokens };
}

function messagesOf(request: ModelRequest): Body['messages'] {
  const turns = turnsOf(request.messages).flatMap((turn): Body['messages'] => {
    if (turn.role === 'user') return [{ role: 'user', content: turn.text }];
    if (turn.calls.length === 0) return [{ role: 'assistant', content: turn.text }];
    const calls = turn.calls.map((call) => ({
      id: call.id,
      type: 'function' as const,
      function: { name: call.tool, arguments: JSON.stringify(call.arguments) },
    }));
    const results = turn.calls.map((call) => ({ role: 'tool' as const, tool_call_id: call.id, content: call.result }));
    return [{ role: 'assistant', content: turn.text === '' ? null : turn.text, tool_calls: calls }, ...results];
  });
  return request.system === '' ? turns : [{ role: 'system', content: request.system }, ...turns];
}

function* pieces({ choices, usage }: z.infer<typeof Chunk>): Iterable<Piece> {
  const choice = choices?.[0];
  const delta = choice?.delta;
  const thought = delta?.reasoning_content || delta?.reasoning;
  if (thought) yield { type: 'thought', delta: thought };
  for (const said of [delta?.content, delta?.refusal]) if (said) yield { type: 'text', delta: said };
  for (const call of delta?.tool_calls ?? []) {
    const given = call.function?.arguments;
    const args = given === null || given === undefined || typeof given === 'string' ? (given ?? undefined) : JSON.stringify(given);
    yield { type: 'call', index: call.index ?? undefined, id: call.id ?? undefined, name: call.function?.name ?? undefined, arguments: args };
  }
  if (usage) yield tokensOf(usage);
  if (choice?.finish_reason === 'content_filter') yield { type: 'withheld', reason: choice.finish_reason };
  else if (choice?.finish_reason) yield { type: 'finished', length: choice.finish_reason === 'length' };
}

function tokensOf(usage: NonNullable<z.infer<typeof Chunk>['usage']>): Piece {
  const reused = usage.prompt_tokens_details?.cached_tokens ?? 0;
  const read = usage.prompt_tokens ?? undefined;
  return { type: 'tokens', read: read === undefined ? undefined : Math.max(0, read - reused), reused, written: usage.completion_tokens ?? undefined };
}

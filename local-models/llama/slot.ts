// One sequence of the context and the requests that run on it: render, keep what the cache has, read the rest in portions, write the reply.
import { performance } from 'node:perf_hooks';
import {
  type ChatHistoryItem,
  type ChatWrapper,
  type EvaluationPriority,
  LlamaChat,
  type LlamaContextSequence,
  type LlamaModel,
  type Token,
} from 'node-llama-cpp';
import { EngineError, type EngineTool, type GenerateRequest, type Piece, type PrefillRequest, type Reply } from '../engine.ts';
import { commonLength, type Span } from './align.ts';
import { fromResponse, toHistory, type Written } from './history.ts';
import { type Gate, refuseAborted } from './lane.ts';
import type { Marks } from './marks.ts';
import { fitToCache, functionsOf, type Rendering } from './wrapper.ts';

export type SlotOptions = {
  readonly model: LlamaModel;
  readonly sequence: LlamaContextSequence;
  readonly base: ChatWrapper;
  readonly marks: Marks;
  readonly textOf: (token: Token) => string;
  readonly priority: EvaluationPriority;
  /** Null for chat, which waits for nobody. */
  readonly gate: Gate | null;
};

export type Slot = {
  readonly sequence: LlamaContextSequence;
  prefill(request: PrefillRequest, signal?: AbortSignal): Promise<number>;
  generate(request: GenerateRequest, onPiece: (piece: Piece) => void, signal?: AbortSignal): Promise<Reply>;
  /** What of the sequence the model wrote itself; kept with a saved state. */
  written(): readonly Span[];
  restored(written: readonly Span[]): void;
};

/** Room that a reply needs at least, and that the grammar's own line ends take at the end of a call. */
const leastReply = 16;
/** A portion of reading takes about this long, so that an abort or a chat message is heard in time. Milliseconds. */
const portionMs = 200;

export function createSlot(options: SlotOptions): Slot {
  const { sequence } = options;
  const rendering: Rendering = { written: [], tools: [], calls: 'auto' };
  const wrapper = fitToCache(options.base, sequence, options.marks, options.textOf, rendering);
  const chat = new LlamaChat({ contextSequence: sequence, chatWrapper: wrapper });
  const remembered: Written = new Map();
  let portion = 64;

  const render = (history: readonly ChatHistoryItem[], tools: readonly EngineTool[]): Token[] => {
    const ends: readonly ChatHistoryItem[] = history.at(-1)?.type === 'model' ? history : [...history, { type: 'model', response: [] }];
    const state = wrapper.generateContextState({ chatHistory: ends, ...(tools.length > 0 ? { availableFunctions: functionsOf(tools) } : {}) });
    return state.contextText.tokenize(options.model.tokenizer);
  };

  const prefixOf = (request: PrefillRequest): Token[] => {
    rendering.tools = request.tools;
    const [one, other] = ['a', 'b'].map((text) => render(toHistory(request.system, [{ role: 'user', text }], remembered, options.marks), request.tools));
    return one === undefined || other === undefined ? [] : one.slice(0, commonLength(one, other));
  };

  /** Reads tokens into the cache in portions; those that the sequence holds already must be left out. */
  const read = async (tokens: readonly Token[], signal: AbortSignal | undefined): Promise<void> => {
    for (let at = 0; at < tokens.length; ) {
      refuseAborted(signal);
      await options.gate?.open(signal);
      const part = tokens.slice(at, at + portion);
      const begun = performance.now();
      await sequence.evaluateWithoutGeneratingNewTokens([...part], { evaluationPriority: options.priority });
      at += part.length;
      const speed = part.length / Math.max(performance.now() - begun, 0.01);
      portion = Math.round(Math.min(Math.max(speed * portionMs, 16), sequence.context.batchSize));
    }
  };

  /** Brings the cache to `tokens`, and resolves with how many of them it had. */
  const bring = async (tokens: readonly Token[], signal: AbortSignal | undefined, onReading: (left: number) => void): Promise<number> => {
    await sequence.adaptStateToTokens([...tokens], false);
    const had = sequence.nextTokenIndex;
    rendering.written = rendering.written.filter((span) => span.start < had).map((span) => ({ start: span.start, end: Math.min(span.end, had) }));
    onReading(tokens.length - had);
    await read(tokens.slice(had), signal);
    return had;
  };

  const checkpoint = async (tokens: readonly Token[], request: PrefillRequest, signal: AbortSignal | undefined): Promise<void> => {
    // Such models can not go back to a prefix unless it was marked when they passed it.
    if (!sequence.needsCheckpoints) return;
    const prefix = prefixOf(request).length;
    if (commonLength(sequence.contextTokens, tokens) >= prefix) return;
    await bring(tokens.slice(0, prefix), signal, () => undefined);
    await sequence.takeCheckpoint();
  };

  const generate = async (request: GenerateRequest, onPiece: (piece: Piece) => void, signal?: AbortSignal): Promise<Reply> => {
    const begun = performance.now();
    rendering.tools = request.tools;
    rendering.calls = request.calls ?? 'auto';
    const history = toHistory(request.system, request.messages, remembered, options.marks);
    const tokens = render(history, request.tools);
    const limit = sequence.contextSize - leastReply;
    if (tokens.length >= limit)
      throw new EngineError('context-full', 'The prompt does not fit in the context.', { needed: tokens.length + leastReply, limit: sequence.contextSize });
    await checkpoint(tokens, request, signal);
    // The last token is left to the generation, which needs one to begin with.
    const reused = await bring(tokens.slice(0, -1), signal, (left) => onPiece({ type: 'reading', tokens: left + 1 }));
    const readAt = performance.now();
    rendering.written = [...rendering.written, { start: tokens.length, end: Number.POSITIVE_INFINITY }];
    const before = sequence.tokenMeter.usedOutputTokens;
    const { response, firstAt } = await write(request, history, Math.min(request.maxTokens ?? limit, limit - tokens.length), onPiece, signal);
    rendering.written = [...rendering.written.slice(0, -1), { start: tokens.length, end: sequence.nextTokenIndex }];
    const reply = fromResponse(response, request.tools, remembered);
    const usage = {
      read: tokens.length - reused,
      reused,
      written: sequence.tokenMeter.usedOutputTokens - before,
      prefillMs: (firstAt ?? readAt) - begun,
      decodeMs: performance.now() - (firstAt ?? readAt),
    };
    const stop = reply.calls.length > 0 ? 'calls' : response.metadata.stopReason === 'maxTokens' ? 'length' : 'end';
    return { ...reply, stop, usage };
  };

  const write = async (
    request: GenerateRequest,
    history: readonly ChatHistoryItem[],
    maxTokens: number,
    onPiece: (piece: Piece) => void,
    signal: AbortSignal | undefined,
  ) => {
    await options.gate?.open(signal);
    let firstAt: number | null = null;
    const response = await chat.generateResponse([...history], {
      ...(request.tools.length > 0 ? { functions: functionsOf(request.tools), maxParallelFunctionCalls: 8 } : {}),
      onResponseChunk: (chunk) => {
        firstAt ??= performance.now();
        if (chunk.text !== '') onPiece({ type: chunk.type === 'segment' ? 'thought' : 'text', delta: chunk.text });
      },
      ...(signal === undefined ? {} : { signal }),
      maxTokens,
      temperature: request.temperature ?? 0.6,
      topP: 0.95,
      minP: 0.05,
      ...(request.seed === undefined ? {} : { seed: request.seed }),
      // The default punishes repeated tokens, which breaks JSON, paths and code.
      repeatPenalty: false,
      evaluationPriority: options.priority,
      contextShift: { strategy: refuseShift },
    });
    return { response, firstAt };
  };

  return {
    sequence,
    generate,
    async prefill(request, signal) {
      const prefix = prefixOf(request);
      // A conversation with this prefix is in the cache: cutting it down would only cost.
      if (commonLength(sequence.contextTokens, prefix) === prefix.length) return 0;
      const had = await bring(prefix, signal, () => undefined);
      if (sequence.needsCheckpoints) await sequence.takeCheckpoint();
      return prefix.length - had;
    },
    written: () => rendering.written,
    restored(written) {
      rendering.written = written;
    },
  };
}

/** The caller decides what to leave out of a full context; shifting it silently would drop constraints. */
function refuseShift(): never {
  throw new EngineError('context-full', 'The context is full.');
}

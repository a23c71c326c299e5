// One sequence of the context and the requests that run on it: render, keep what the cache has, read the rest, write the reply.
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
import { type Gate, paced } from './lane.ts';
import type { Marks } from './marks.ts';
import { type Bring, createReader } from './reader.ts';
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

export type Slot = ReturnType<typeof createSlot>;

type Desk = SlotOptions & {
  readonly rendering: Rendering;
  readonly wrapper: ChatWrapper;
  readonly chat: LlamaChat;
  readonly remembered: Written;
  readonly bring: Bring;
  /** Of the least probable token written since it was last set to 1. */
  confidence: number;
};
type OnPiece = (piece: Piece) => void;

/** Room that a reply needs at least, and that the grammar's own line ends take at the end of a call. */
const leastReply = 16;
/** Calls in one reply at most. */
const mostCalls = 8;

/** One request at a time; the caller sees to that. */
export function createSlot(options: SlotOptions) {
  const { sequence } = options;
  const rendering: Rendering = { written: [], tools: [], calls: 'auto' };
  const wrapper = fitToCache(options.base, sequence, options.marks, options.textOf, rendering);
  const { gate } = options;
  const current: { signal: AbortSignal | undefined; sure: boolean } = { signal: undefined, sure: false };
  const onToken = (confidence: number) => void Object.assign(desk, { confidence: Math.min(desk.confidence, confidence) });
  const pace = { open: async () => gate?.open(current.signal), sure: () => current.sure, onToken };
  const chat = new LlamaChat({ contextSequence: paced(sequence, pace), chatWrapper: wrapper });
  const reader = createReader(sequence, options.priority, gate);
  const bring: Bring = (tokens, signal, onReading) =>
    reader(tokens, signal, (left) => {
      rendering.written = clipped(rendering.written, tokens.length - left);
      onReading(left);
    });
  const desk: Desk = { ...options, rendering, wrapper, chat, remembered: new Map(), bring, confidence: 1 };
  return {
    sequence,
    generate(request: GenerateRequest, onPiece: OnPiece, signal?: AbortSignal): Promise<Reply> {
      current.signal = signal;
      current.sure = request.temperature === 0;
      return generate(desk, request, onPiece, signal);
    },
    prefill: (request: PrefillRequest, signal?: AbortSignal) => prefill(desk, request, signal),
    /** What of the sequence the model wrote itself; kept with a saved state. */
    written: (): readonly Span[] => rendering.written,
    restored(written: readonly Span[]): void {
      rendering.written = written;
    },
  };
}

async function prefill(desk: Desk, request: PrefillRequest, signal: AbortSignal | undefined): Promise<number> {
  const prefix = prefixOf(desk, request);
  // A conversation with this prefix is in the cache: cutting it down would only cost.
  if (commonLength(desk.sequence.contextTokens, prefix) === prefix.length) return 0;
  const had = await desk.bring(prefix, signal, () => undefined);
  if (desk.sequence.needsCheckpoints) await desk.sequence.takeCheckpoint();
  return prefix.length - had;
}

async function generate(desk: Desk, request: GenerateRequest, onPiece: OnPiece, signal: AbortSignal | undefined): Promise<Reply> {
  const begun = performance.now();
  const { sequence, rendering } = desk;
  rendering.tools = request.tools;
  rendering.calls = request.calls ?? 'auto';
  const history = toHistory(request.system, request.messages, desk.remembered, desk.marks);
  const tokens = render(desk, history, request.tools);
  const room = sequence.contextSize - leastReply - tokens.length;
  if (room < 0)
    throw new EngineError('context-full', 'The prompt does not fit in the context.', { needed: tokens.length + leastReply, limit: sequence.contextSize });
  await markPrefix(desk, tokens, request, signal);
  // The last token is left to the generation, which needs one to begin with.
  const reused = await desk.bring(tokens.slice(0, -1), signal, (left) => onPiece({ type: 'reading', tokens: left + 1 }));
  const before = sequence.tokenMeter.usedOutputTokens;
  desk.confidence = 1;
  rendering.written = [...rendering.written, { start: tokens.length, end: Number.POSITIVE_INFINITY }];
  const { response, firstAt } = await write(desk, request, history, Math.min(request.maxTokens ?? room, room), onPiece, signal);
  rendering.written = clipped(rendering.written, sequence.nextTokenIndex);
  const reply = fromResponse(response, request.tools, desk.remembered);
  const written = sequence.tokenMeter.usedOutputTokens - before;
  const usage = { read: tokens.length - reused, reused, written, prefillMs: firstAt - begun, decodeMs: performance.now() - firstAt };
  const stop = reply.calls.length > 0 ? 'calls' : response.metadata.stopReason === 'maxTokens' ? 'length' : 'end';
  return { ...reply, stop, confidence: desk.confidence, usage };
}

async function write(
  desk: Desk,
  request: GenerateRequest,
  history: readonly ChatHistoryItem[],
  maxTokens: number,
  onPiece: OnPiece,
  signal: AbortSignal | undefined,
) {
  let firstAt: number | null = null;
  let calling = -1;
  const onFunctionCallParamsChunk = (chunk: { callIndex: number; functionName: string }): void => {
    firstAt ??= performance.now();
    if (chunk.callIndex > calling) onPiece({ type: 'call', tool: chunk.functionName });
    calling = chunk.callIndex;
  };
  const response = await desk.chat.generateResponse([...history], {
    ...(request.tools.length > 0 ? { functions: functionsOf(request.tools), maxParallelFunctionCalls: mostCalls, onFunctionCallParamsChunk } : {}),
    onResponseChunk: (chunk) => {
      if (chunk.text === '') return;
      firstAt ??= performance.now();
      onPiece({ type: chunk.type === 'segment' ? 'thought' : 'text', delta: chunk.text });
    },
    ...(signal === undefined ? {} : { signal }),
    maxTokens,
    temperature: request.temperature ?? 0.6,
    topP: 0.95,
    minP: 0.05,
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    // The default punishes repeated tokens, which breaks JSON, paths and code.
    repeatPenalty: false,
    evaluationPriority: desk.priority,
    contextShift: { strategy: refuseShift },
  });
  return { response, firstAt: firstAt ?? performance.now() };
}

/** Some models can not go back to a prefix unless it was marked when they passed it. */
async function markPrefix(desk: Desk, tokens: readonly Token[], request: PrefillRequest, signal: AbortSignal | undefined): Promise<void> {
  if (!desk.sequence.needsCheckpoints) return;
  const prefix = prefixOf(desk, request).length;
  if (commonLength(desk.sequence.contextTokens, tokens) >= prefix) return;
  await desk.bring(tokens.slice(0, prefix), signal, () => undefined);
  await desk.sequence.takeCheckpoint();
}

/** What all requests with this system text and these tools begin with. */
function prefixOf(desk: Desk, request: PrefillRequest): Token[] {
  desk.rendering.tools = request.tools;
  const [one, other] = ['a', 'b'].map((text) => render(desk, toHistory(request.system, [{ role: 'user', text }], desk.remembered, desk.marks), request.tools));
  return one === undefined || other === undefined ? [] : one.slice(0, commonLength(one, other));
}

function render(desk: Desk, history: readonly ChatHistoryItem[], tools: readonly EngineTool[]): Token[] {
  const chatHistory: readonly ChatHistoryItem[] = history.at(-1)?.type === 'model' ? history : [...history, { type: 'model', response: [] }];
  const state = desk.wrapper.generateContextState({ chatHistory, ...(tools.length > 0 ? { availableFunctions: functionsOf(tools) } : {}) });
  return state.contextText.tokenize(desk.model.tokenizer);
}

function clipped(spans: readonly Span[], end: number): readonly Span[] {
  return spans.filter((span) => span.start < end).map((span) => ({ start: span.start, end: Math.min(span.end, end) }));
}

/** The caller decides what to leave out of a full context; shifting it silently would drop constraints. */
function refuseShift(): never {
  throw new EngineError('context-full', 'The context is full.');
}

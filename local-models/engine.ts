// The engine that runs local models: its whole surface, in values that survive structured clone, so that it may live in another process.

export type Gpu = 'auto' | 'cuda' | 'vulkan' | 'metal' | 'off';

export type LoadRequest = {
  /** Absolute path of a GGUF file. Its header is checked before native code sees it. */
  readonly file: string;
  readonly gpu: Gpu;
  /** Tokens of context per sequence; 0 lets the engine choose what fits in memory. */
  readonly contextTokens: number;
  /** CPU threads; 0 lets the engine choose. */
  readonly threads: number;
};

export type Loaded = {
  readonly contextTokens: number;
  readonly trainContextTokens: number;
  /** The backend in use; `off` means the CPU, also where the wanted one could not be started. */
  readonly gpu: Gpu;
  readonly gpuLayers: number;
  readonly threads: number;
};

/** Who gets the model: chat has a sequence of its own that other work never evicts; the others share one, `waiting` before `background`. */
export type EngineLane = 'chat' | 'waiting' | 'background';
/** How many requests beside chat can keep what they have read. */
export const backgroundSequences = 1;

export type EngineTool = { readonly name: string; readonly description: string; readonly parameters: { readonly [key: string]: unknown } };
export type EngineCall = { readonly id: string; readonly tool: string /** JSON text. */; readonly arguments: string };
export type EngineMessage =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly EngineCall[] }
  | { readonly role: 'tool'; readonly call: string; readonly text: string };

export type PrefillRequest = {
  /** The model it is meant for; where another one has been loaded meanwhile, the request is refused with `not-loaded`. */
  readonly file: string;
  readonly lane: EngineLane;
  readonly system: string;
  readonly tools: readonly EngineTool[];
};

export type GenerateRequest = PrefillRequest & {
  readonly messages: readonly EngineMessage[];
  readonly maxTokens?: number;
  /** `required` makes the reply begin with a call. Default `auto`. */
  readonly calls?: 'auto' | 'required';
  /** 0 is greedy. Default 0.6. */
  readonly temperature?: number;
  readonly seed?: number;
};

export type Piece =
  | { readonly type: 'reading' /** Tokens still to be read before the first word. */; readonly tokens: number }
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'thought'; readonly delta: string }
  /** The model has begun to write a call; what it holds comes with the reply. */
  | { readonly type: 'call'; readonly tool: string };

export type Reply = {
  readonly text: string;
  readonly thought: string;
  readonly calls: readonly EngineCall[];
  readonly stop: 'end' | 'calls' | 'length';
  /** How probable its least probable token was, 0–1; known where the temperature is 0, else 1. */
  readonly confidence: number;
  readonly usage: EngineUsage;
};

export type EngineUsage = {
  /** Prompt tokens evaluated, and those found in the cache. */
  readonly read: number;
  readonly reused: number;
  readonly written: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
};

/**
 * One engine holds one model at a time. Every method rejects with an EngineError and nothing else. A `signal` ends its request within a token
 * (`aborted`); requests of one lane run in the order they came, chat goes before background.
 */
export type Engine = {
  /** Loads the model, replacing another one once its requests ended; at once if exactly this is loaded. `onProgress` gets 0–1. */
  load(request: LoadRequest, onProgress?: (progress: number) => void, signal?: AbortSignal): Promise<Loaded>;
  /** How many tokens each text takes, as plain text, for the model of this file. */
  count(file: string, texts: readonly string[]): Promise<readonly number[]>;
  /** Reads the stable prefix into the lane's sequence; resolves with the tokens it had to read. */
  prefill(request: PrefillRequest, signal?: AbortSignal): Promise<number>;
  generate(request: GenerateRequest, onPiece: (piece: Piece) => void, signal?: AbortSignal): Promise<Reply>;
  /** Writes the lane's sequence to `file` (and what it belongs to beside it); resolves with its tokens. */
  saveState(lane: EngineLane, file: string): Promise<number>;
  /** Restores what `saveState` wrote; `state-mismatch` if it is damaged or of another model. */
  loadState(lane: EngineLane, file: string): Promise<number>;
  /** Frees the model of this file once its requests ended; does nothing if another one is loaded. */
  unload(file: string): Promise<void>;
  /** Ends every request and frees everything; the engine can not be used again. May be called twice. */
  close(): Promise<void>;
};

export type EngineErrorCode =
  | 'not-loaded'
  | 'gone'
  | 'not-gguf'
  | 'load-failed'
  | 'out-of-memory'
  | 'context-full'
  | 'malformed-call'
  | 'state-mismatch'
  | 'aborted'
  | 'engine-died'
  | 'closed'
  | 'failed';

/** The only thing an engine rejects with. `values` fill a message: `needed` and `limit` of a full context. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly values: Readonly<Record<string, number>>;
  constructor(code: EngineErrorCode, message: string, values: Readonly<Record<string, number>> = {}) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
    this.values = values;
  }
}

// The seam to any language model: a request in, a stream of events out. Two rules: it never throws, and its last event is `end` or `fault`.
import type { ToolCall } from '../contract/entry.ts';
import type { Fault } from '../contract/fault.ts';
import type { Profile } from '../contract/model.ts';
import type { Lane, Phase, Usage } from '../contract/run.ts';

export type ModelMessage =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly call: string; readonly tool: string; readonly text: string };

export type ToolSpec = {
  readonly name: string;
  readonly description: string;
  /** A JSON Schema of type `object`. */
  readonly parameters: JsonSchema;
};
export type JsonSchema = { readonly [key: string]: unknown };

export type ModelRequest = {
  /** Who asks: requests with the same key share a growing prefix, so a local model keeps their cache together. */
  readonly sequence: string;
  readonly lane: Lane;
  /** Identity and rules; with `tools` the byte-stable prefix. */
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly ModelMessage[];
  /** Tokens of reply at most. */
  readonly maxTokens?: number;
  /** 0 is greedy; the engine's own where left out. Only local models heed it. */
  readonly temperature?: number;
  /** What it is for, where it is no step of a run. */
  readonly purpose?: 'judgement' | 'summary';
};

export type ModelEvent =
  | { readonly type: 'phase'; readonly phase: Phase }
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'thought'; readonly delta: string }
  | {
      readonly type: 'end';
      readonly text: string;
      readonly thought: string;
      readonly calls: readonly ToolCall[];
      readonly stop: 'end' | 'calls' | 'length';
      /** How probable the least probable token was, 0–1; only local models know. */
      readonly confidence?: number;
      readonly usage: Usage;
    }
  | { readonly type: 'fault'; readonly fault: Fault };

export type Watch = { readonly signal: AbortSignal; onPhase(phase: Phase): void };

export type Model = {
  readonly profile: Profile;
  /**
   * Streams one reply. Never throws or rejects. After `signal` aborts, the stream ends soon (within a token) with no further `end`;
   * its caller tells cancellation by the signal. A fault with `retry: true` may succeed if the same request is sent again.
   * A call's `arguments` may be malformed JSON from remote models; the caller validates.
   */
  generate(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
  /**
   * How many tokens these texts take: exact for local models, an estimate that errs upwards for others. Never rejects. A local model is loaded for
   * it where it is not; `watch` is told of that and can end the wait.
   */
  countTokens(texts: readonly string[], watch?: Watch): Promise<readonly number[]>;
  /** Reads the stable prefix ahead of the first message, where that helps; never rejects. */
  prefill(request: Pick<ModelRequest, 'sequence' | 'system' | 'tools'>): Promise<void>;
  /** Frees what it holds. May be called twice. */
  close(): Promise<void>;
};

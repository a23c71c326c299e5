// Brings a sequence's cache to a prompt: keeps what it has of it and reads the rest in portions.
import { performance } from 'node:perf_hooks';
import type { EvaluationPriority, LlamaContextSequence, Token } from 'node-llama-cpp';
import { type Gate, refuseAborted } from './lane.ts';

/** Resolves with how many of the tokens the cache had; `onReading` hears how many it had not, before they are read. */
export type Bring = (tokens: readonly Token[], signal: AbortSignal | undefined, onReading: (left: number) => void) => Promise<number>;

/** A portion of reading takes about this long: chat's so that an abort is heard in time, the others' because a chat message waits for its end. Milliseconds. */
const portionMs = { chat: 200, others: 80 } as const;
const leastPortion = 16;

/** `gate` is null for chat, which waits for nobody. */
export function createReader(sequence: LlamaContextSequence, evaluationPriority: EvaluationPriority, gate: Gate | null): Bring {
  let portion = 64;
  const pace = gate === null ? portionMs.chat : portionMs.others;
  return async (tokens, signal, onReading) => {
    await sequence.adaptStateToTokens([...tokens], false);
    const had = sequence.nextTokenIndex;
    onReading(tokens.length - had);
    for (let at = had; at < tokens.length; ) {
      refuseAborted(signal);
      await gate?.open(signal);
      const part = tokens.slice(at, at + portion);
      const begun = performance.now();
      await sequence.evaluateWithoutGeneratingNewTokens(part, { evaluationPriority });
      at += part.length;
      const perMs = part.length / Math.max(performance.now() - begun, 0.01);
      portion = Math.round(Math.min(Math.max(perMs * pace, leastPortion), sequence.context.batchSize));
    }
    refuseAborted(signal);
    return had;
  };
}

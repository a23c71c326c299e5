// Turns one scripted line into the stream that a real model would give.
import type { ToolCall } from '../../contract/entry.ts';
import { fault } from '../../contract/fault.ts';
import type { Profile } from '../../contract/model.ts';
import { estimatePrompt, estimateTokens } from '../estimate.ts';
import type { ModelEvent, ModelRequest } from '../model.ts';
import { pause } from '../pause.ts';
import type { ScriptLine } from './script.ts';

export type Speech = {
  readonly profile: Profile;
  readonly line: ScriptLine;
  /** Milliseconds between deltas where the line does not say. */
  readonly delayMs: number;
  /** The id of the line's n-th call. */
  readonly id: (call: number) => string;
};

export async function* speak(speech: Speech, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
  const { line } = speech;
  const began = performance.now();
  yield* stream('thought', line.thought ?? '', speech, signal);
  yield* stream('text', line.text ?? '', speech, signal);
  if (signal.aborted) return;
  if (line.fault !== undefined)
    yield { type: 'fault', fault: fault(line.fault.code, line.fault.values, line.fault.retry === undefined ? {} : { retry: line.fault.retry }) };
  else yield end(speech, request, performance.now() - began);
}

async function* stream(type: 'text' | 'thought', text: string, speech: Speech, signal: AbortSignal): AsyncGenerator<ModelEvent> {
  const delayMs = speech.line.delayMs ?? speech.delayMs;
  for (const delta of deltas(text)) {
    if (delayMs > 0) await pause(delayMs, signal);
    if (signal.aborted) return;
    yield { type, delta };
  }
}

/** Small pieces that never split a character; a huge text has larger ones, so that it does not become a million events. */
function deltas(text: string): string[] {
  const characters = Array.from(text);
  const size = Math.max(6, Math.ceil(characters.length / 2000));
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, at) => characters.slice(at * size, (at + 1) * size).join(''));
}

function end(speech: Speech, request: ModelRequest, decodeMs: number): ModelEvent {
  const { line, profile } = speech;
  const text = line.text ?? '';
  const thought = line.thought ?? '';
  const calls = (line.calls ?? []).map(
    (call, at): ToolCall => ({
      id: speech.id(at),
      tool: call.tool,
      arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
    }),
  );
  const written = estimateTokens(text) + estimateTokens(thought) + calls.reduce((sum, call) => sum + estimateTokens(call.arguments), 0);
  const usage = { model: profile.id, where: 'scripted' as const, read: estimatePrompt(request), reused: 0, written, prefillMs: 0, decodeMs };
  return { type: 'end', text, thought, calls, stop: line.stop ?? (calls.length > 0 ? 'calls' : 'end'), usage };
}

// Puts a conversation into the strict order that remote APIs demand: every call is followed by its result, and no text is empty.
import type { ToolCall } from '../../contract/entry.ts';
import type { ModelMessage } from '../model.ts';

export type Turn =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly CallAndResult[] };
export type CallAndResult = { readonly id: string; readonly tool: string; readonly arguments: Readonly<Record<string, unknown>>; readonly result: string };

/** Pure. Results are put in the order of their calls; a call without one says so; a result without its call is dropped, as no API accepts it. */
export function turnsOf(messages: readonly ModelMessage[]): Turn[] {
  let calls = 0;
  /** Numbered anew, because the ids of two runs may be alike; nine letters and digits is what the strictest API accepts. */
  const nextId = (): string => `call${String(++calls).padStart(5, '0')}`;
  return messages.flatMap((message, at): Turn[] => {
    if (message.role === 'tool') return [];
    if (message.role === 'user') return [{ role: 'user', text: message.text || '(empty)' }];
    if (message.text === '' && message.calls.length === 0) return [];
    const results = resultsAfter(messages, at);
    return [{ role: 'assistant', text: message.text, calls: message.calls.map((call) => pair(nextId(), call, results)) }];
  });
}

function resultsAfter(messages: readonly ModelMessage[], at: number): Map<string, string> {
  const results = new Map<string, string>();
  for (let next = at + 1; next < messages.length; next++) {
    const message = messages[next];
    if (message?.role === 'assistant') break;
    if (message?.role === 'tool') results.set(message.call, message.text);
  }
  return results;
}

function pair(id: string, call: ToolCall, results: ReadonlyMap<string, string>): CallAndResult {
  return { id, tool: call.tool, arguments: objectIn(call.arguments), result: results.get(call.id) || '(no output)' };
}

/** Some servers answer HTTP 500 to arguments that are not a JSON object, so what a model wrote wrongly goes back to it wrapped. */
function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    return { unreadable: text, reason: String(error) };
  }
  return { unreadable: text };
}

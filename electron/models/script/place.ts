// Finds the line to say from the request alone, so that a run resumed by another process at step k hears line k.
import type { ModelMessage } from '../model.ts';
import type { ScriptGroup, ScriptLine } from './script.ts';

/** The group that answers, and the number of replies it has given so far. */
export type Place = { readonly lines: readonly ScriptLine[]; readonly index: number };

/** What to say now: a line, and for which time (from 1). */
export type Cue = { readonly line: ScriptLine; readonly n: number };

export function locate(bare: readonly ScriptLine[], groups: readonly ScriptGroup[], messages: readonly ModelMessage[]): Place {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at];
    if (message?.role !== 'user' || isNote(message.text)) continue;
    const group = groups.find(({ when }) => message.text.includes(when));
    if (group !== undefined) return { lines: group.lines, index: repliesSince(messages, at, compactedReplies(messages)) };
  }
  return { lines: bare, index: compactedReplies(messages) + repliesSince(messages, -1, 0) };
}

/**
 * The line at a place, or null where the script has ended. Faults and empty replies leave no trace in a request, so they are said once per process
 * (`said` counts how often each line was), right before the line that follows them.
 */
export function cue(place: Place, said: ReadonlyMap<ScriptLine, number>): Cue | null {
  let from = 0;
  for (const line of place.lines) {
    const times = line.repeat ?? 1;
    if (leavesTrace(line)) {
      if (place.index < from + times && place.index >= from) return { line, n: place.index - from + 1 };
      from += times;
    } else if (place.index === from && (said.get(line) ?? 0) < times) {
      return { line, n: (said.get(line) ?? 0) + 1 };
    }
  }
  return null;
}

/** The assistant's own notes (of a task that ended, what was compacted, what it remembers) repeat what was said before, which must not choose a group. */
function isNote(text: string): boolean {
  return text.startsWith('[Task ') || text.startsWith('[Earlier: ') || text.startsWith('[Remembered');
}

/** Replies that the view only shows shortened. */
function compactedReplies(messages: readonly ModelMessage[]): number {
  const [, count] = messages.map(({ text }) => /^\[Earlier: (\d+) replies/.exec(text)).find((found) => found !== null) ?? [];
  return Number(count ?? 0);
}

/**
 * Replies after `start`. Where some were compacted, counting is not enough: the loop numbers calls by the reply of the run that made them (`c12_1`), and
 * that number is trusted instead; where no call is left to see, the number of those compacted.
 */
function repliesSince(messages: readonly ModelMessage[], start: number, compacted: number): number {
  const replies = messages.slice(start + 1).flatMap((message) => (message.role === 'assistant' ? [message] : []));
  if (compacted === 0) return replies.length;
  const last = replies.findLastIndex(({ calls }) => calls.length > 0);
  const number = /^c(\d+)_/.exec(replies[last]?.calls[0]?.id ?? '')?.[1];
  return number === undefined ? compacted + replies.length : Math.max(replies.length, Number(number) + replies.length - 1 - last);
}

function leavesTrace(line: ScriptLine): boolean {
  return line.fault === undefined && ((line.text ?? '') !== '' || (line.calls ?? []).length > 0);
}

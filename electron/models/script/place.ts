// Finds the line to say from the request alone, so that a run resumed by another process at step k hears line k.
import type { ModelMessage, ModelRequest } from '../model.ts';
import type { ScriptGroup, ScriptLine } from './script.ts';

/** `lines` is the group that answers (`group` its number, -1 for the bare lines) and `index` the number of replies it has given so far. */
export type Place = { readonly group: number; readonly lines: readonly ScriptLine[]; readonly index: number };

/** What to say now: a line, and for which time (from 1). */
export type Cue = { readonly line: ScriptLine; readonly n: number };

export function locate(bare: readonly ScriptLine[], groups: readonly ScriptGroup[], messages: readonly ModelMessage[]): Place {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at];
    if (message?.role !== 'user' || isNote(message.text)) continue;
    const group = groups.findIndex(({ when }) => message.text.includes(when));
    if (group >= 0) return { group, lines: groups[group]?.lines ?? [], index: repliesSince(messages, at, group) };
  }
  return { group: -1, lines: bare, index: repliesSince(messages, -1, -1) };
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

/** A call's id says where in the script it was made, so the place is still found when older messages were left out of the request. */
export function callId(place: Place, call: number, request: ModelRequest): string {
  return `script_${place.group}_${place.index}_${call}_${request.messages.length}`;
}

/** The assistant's own note about a task that ended repeats the task's goal, which must not choose a group. */
function isNote(text: string): boolean {
  return text.startsWith('[Task ');
}

function repliesSince(messages: readonly ModelMessage[], start: number, group: number): number {
  let replies = 0;
  for (let at = messages.length - 1; at > start; at--) {
    const message = messages[at];
    if (message?.role !== 'assistant') continue;
    const made = /^script_(-?\d+)_(\d+)_/.exec(message.calls[0]?.id ?? '');
    if (made !== null && Number(made[1]) === group) return Number(made[2]) + 1 + replies;
    replies++;
  }
  return replies;
}

function leavesTrace(line: ScriptLine): boolean {
  return line.fault === undefined && ((line.text ?? '') !== '' || (line.calls ?? []).length > 0);
}

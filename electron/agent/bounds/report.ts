// What a run says of itself when it stands still: what was done, what is left, and its last words. Read from its entries alone.
import type { Entry } from '../../contract/entry.ts';
import { stepLines } from '../plan/change.ts';
import { endedCalls, progressOf } from '../progress.ts';

const shownCalls = 15;

export function reportOf(entries: readonly Entry[]): string {
  const progress = progressOf(entries);
  const owed = progress.plan.obligations.filter(({ open }) => open).map(({ text }) => `[ ] ${text}`);
  const failed = progress.checked?.evidence.filter(({ ok }) => !ok).map(({ detail }) => detail) ?? [];
  const said = entries.findLast(({ body }) => body.type === 'reply' && body.text !== '')?.body;
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['Changed so far:', changes(entries)],
    ['Plan:', [...stepLines(progress.plan.steps), ...owed]],
    ['Checks that failed:', failed],
    ['Last words:', said?.type === 'reply' ? [said.text.slice(-1000).toWellFormed()] : []],
  ];
  const shown = parts.flatMap(([title, lines]) => (lines.length === 0 ? [] : [`${title}\n${lines.join('\n')}`]));
  return [`Steps so far: ${progress.steps}.`, ...shown].join('\n\n');
}

/** Calls with an effect and how they ended, the newest. */
function changes(entries: readonly Entry[]): string[] {
  const lines = endedCalls(entries).flatMap(({ call, intent, outcome }) =>
    intent === null ? [] : [`${call.tool} ${call.arguments.slice(0, 200).toWellFormed()}: ${outcome.status}`],
  );
  return lines.length > shownCalls ? [`… and ${lines.length - shownCalls} before`, ...lines.slice(-shownCalls)] : lines;
}

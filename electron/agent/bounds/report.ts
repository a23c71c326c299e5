// What a run says of itself when it stands still: what was done, what is left, and its last words. Read from its entries alone.
import type { Entry } from '../../contract/entry.ts';
import type headings from '../../contract/parked-headings.json';
import { sayCheck } from '../../contract/words.ts';
import { stepLines } from '../plan/change.ts';
import { endedCalls, progressOf } from '../progress.ts';

const shownCalls = 15;

export function reportOf(entries: readonly Entry[]): string {
  const progress = progressOf(entries);
  const owed = progress.plan.obligations.filter(({ open }) => open).map(({ text }) => `[ ] ${text}`);
  const failed = progress.checked?.evidence.filter(({ ok }) => !ok).map(({ check, detail }) => (check.type === 'judgement' ? detail : sayCheck(check))) ?? [];
  const said = entries.findLast(({ body }) => body.type === 'reply' && body.text !== '')?.body;
  const parts: readonly (readonly [keyof typeof headings, readonly string[]])[] = [
    ['Changed so far:', changes(entries)],
    ['Plan:', [...stepLines(progress.plan.steps), ...owed]],
    ['Checks that failed:', failed],
    ['Last words:', said?.type === 'reply' ? [said.text.slice(-1000).toWellFormed()] : []],
  ];
  return parts.flatMap(([title, lines]) => (lines.length === 0 ? [] : [`${title}\n${lines.join('\n')}`])).join('\n\n');
}

/** Calls with an effect and how they ended, the newest; what came several times in a row is said once. */
function changes(entries: readonly Entry[]): string[] {
  const told = endedCalls(entries).flatMap(({ call, intent, outcome: { status } }) =>
    intent === null ? [] : [`${status === 'done' ? '✓' : status === 'unknown' ? '?' : '✗'} ${call.tool} ${call.arguments.slice(0, 200).toWellFormed()}`],
  );
  const lines = told.filter((line, at) => line !== told[at - 1]);
  return lines.length > shownCalls ? [`… (${lines.length - shownCalls})`, ...lines.slice(-shownCalls)] : lines;
}

// What a run says of itself when it stands still: what was done, what is left, and its last words. Read from its entries alone.
import type { Entry } from '../../contract/entry.ts';
import { advance, newProgress } from '../progress.ts';

const shownCalls = 15;
const marks = { todo: '[ ]', doing: '[~]', done: '[x]', dropped: '[-]' } as const;

export function reportOf(entries: readonly Entry[]): string {
  const progress = newProgress();
  for (const entry of entries) advance(progress, entry);
  const plan = progress.plan.steps.map(({ text, state }) => `${marks[state]} ${text}`);
  const owed = progress.plan.obligations.filter(({ open }) => open).map(({ text }) => `[ ] ${text}`);
  const failed = progress.checked?.evidence.filter(({ ok }) => !ok).map(({ detail }) => detail) ?? [];
  const said = entries.findLast(({ body }) => body.type === 'reply' && body.text !== '')?.body;
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['Changed so far:', changes(entries)],
    ['Plan:', [...plan, ...owed]],
    ['Checks that failed:', failed],
    ['Last words:', said?.type === 'reply' ? [said.text.slice(-1000).toWellFormed()] : []],
  ];
  const shown = parts.flatMap(([title, lines]) => (lines.length === 0 ? [] : [`${title}\n${lines.join('\n')}`]));
  return [`${progress.steps} steps.`, ...shown].join('\n\n');
}

/** Calls with an effect and how they ended, the newest. */
function changes(entries: readonly Entry[]): string[] {
  const calls = new Map(entries.flatMap(({ body }) => (body.type === 'reply' ? body.calls.map((call) => [call.id, call] as const) : [])));
  const began = new Set(entries.flatMap(({ body }) => (body.type === 'intent' ? [body.call] : [])));
  const lines = entries.flatMap(({ body }) => {
    if (body.type !== 'outcome' || !began.has(body.call)) return [];
    const call = calls.get(body.call);
    return [`${call?.tool ?? ''} ${call?.arguments.slice(0, 200).toWellFormed() ?? ''}: ${body.status}`];
  });
  return lines.length > shownCalls ? [`… and ${lines.length - shownCalls} before`, ...lines.slice(-shownCalls)] : lines;
}

// The pinned part of a view: what a run is about. Rules and promises stand in it word for word; a goal that is too long keeps its head and tail.
import type { Plan } from '../../contract/plan.ts';
import { stepLines } from '../plan/change.ts';
import { cut } from './fit.ts';

/** What the person said in this run, oldest first: the goal, and what joined it. */
export type Said = { readonly place: number; readonly text: string };

/** How many characters of it may be cut. */
export function pinnedSize(said: readonly Said[], { steps }: Plan): number {
  return 2 * (said.reduce((sum, { text }) => sum + text.length, 0) + stepLines(steps).join('\n').length);
}

/** `characters` is the room for what may be cut: the words of the person and the steps. Empty where there is nothing to pin. */
export function renderPinned(said: readonly Said[], plan: Plan, characters: number): string {
  const [goal, ...later] = said;
  const half = Math.floor(characters / 2);
  const owed = plan.obligations.flatMap(({ text, open }, index) => (open ? [`${index + 1}. ${text}`] : []));
  const rules = plan.constraints.map((rule) => `- ${rule}`);
  return [
    ...(goal === undefined ? [] : [cut(goal.text, half, openWith(goal.place))]),
    ...saidLater(later, half),
    ...section("The person's rules, word for word. They always hold:", rules),
    ...section('Your plan ([x] done, [>] doing, [-] dropped):', fitSteps(stepLines(plan.steps), plan, half)),
    ...section('Still owed:', owed),
  ].join('\n\n');
}

/** What a change of the plan made different, as the result of the call that changed it. */
export function renderChange(before: Plan, after: Plan): string {
  const rules = after.constraints.filter((rule) => !before.constraints.includes(rule)).map((rule) => `- ${rule}`);
  const owed = after.obligations.map(({ text, open }, index) => `${index + 1}. ${open ? '' : '[x] '}${text}`);
  const changed = <K extends keyof Plan>(key: K): boolean => JSON.stringify(before[key]) !== JSON.stringify(after[key]);
  return [
    ...section('Rules noted, word for word. They always hold:', rules),
    ...section('Plan:', changed('steps') ? stepLines(after.steps) : []),
    ...section('Owed:', changed('obligations') ? owed : []),
    ...section('Checks at the end:', changed('checks') ? after.checks.map((check) => JSON.stringify(check)) : []),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}\n${lines.join('\n')}`];
}

/** The newest words stay whole as long as there is room; older ones can be opened. */
function saidLater(later: readonly Said[], characters: number): string[] {
  let left = characters;
  const shown = later.toReversed().flatMap(({ place, text }) => {
    const fits = left > 0;
    left -= text.length;
    return fits ? [cut(text, Math.max(0, left + text.length), openWith(place))] : [];
  });
  const hidden = later.length - shown.length;
  const note = hidden === 0 ? [] : [`[${hidden} more messages of the person from #${later[0]?.place} on; open them with recall_step]`];
  return [...note, ...shown.toReversed()];
}

function openWith(place: number): string {
  return `; open #${place} with recall_step`;
}

/** Finished steps go first. */
function fitSteps(lines: readonly string[], { steps }: Plan, characters: number): string[] {
  if (lines.join('\n').length <= characters) return [...lines];
  const open = lines.filter((_, index) => steps[index]?.state === 'todo' || steps[index]?.state === 'doing');
  const finished = lines.length - open.length;
  return [...(finished === 0 ? [] : [`(${finished} finished)`]), ...cut(open.join('\n'), characters).split('\n')];
}

// Before each call of a model: is the run in trouble, is its budget spent? It is told once; then a task stands still until the person answers, and a turn ends.
import type { Fault } from '../../contract/fault.ts';
import { put, type Surroundings, take } from '../seam.ts';
import { budgetWarning, type Share, shareOf } from './budget.ts';
import { limitReached, warning } from './limits.ts';

/** Null where the run may go on. */
export function troubleOf(around: Surroundings): Fault | null {
  return around.obstacle() ?? limitReached(around.progress, around.limits, effectOf(around), around.now());
}

/** A task is parked, and null returned; a turn, where the person is there, ends with the fault. */
export function standStill(around: Surroundings, about: 'budget' | 'trouble', trouble: Fault): Fault | null {
  if (around.acceptance === null) return trouble;
  take(around, [around.park(about, trouble)]);
  return null;
}

/** Says to the model what it should know before its next reply. */
export function warn(around: Surroundings): void {
  const { progress, limits } = around;
  const circles = warning(progress, limits, effectOf(around), around.now());
  const scarce = progress.budgetWarned ? null : budgetWarning(around.purse(), progress.extensions);
  if (circles !== null) put(around, { type: 'told', about: 'limit', text: circles });
  if (scarce !== null) put(around, { type: 'told', about: 'budget', text: scarce });
}

/** Sets aside what a call may use, so that a budget holds even where Nacre dies in the middle of it. A judgement is no step. */
export function setAside(around: Surroundings, prompt: number, reply: number, isStep: boolean): Share {
  const purse = around.purse();
  const { steps, ...others } = purse?.budget ?? {};
  const counted = purse === null || isStep ? purse : { ...purse, budget: others };
  const share = shareOf(counted, around.progress.extensions, prompt, reply);
  if (share.type === 'share' && share.tokens !== null) around.reserve(share.tokens);
  return share;
}

function effectOf({ toolbox }: Surroundings) {
  return (tool: string) => toolbox.find(tool)?.effect ?? 'none';
}

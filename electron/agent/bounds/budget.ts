// What a run may still use of its budget. Pure: from what was spent to what the next model call may take.
import type { Budget, Spent } from '../../contract/budget.ts';
import { type Fault, fault } from '../../contract/fault.ts';

export type Purse = { readonly budget: Budget; readonly spent: Spent };

/** `tokens` are to be set aside for the call, prompt and reply; null where tokens are not bounded. */
export type Share = { readonly type: 'share'; readonly tokens: number | null; readonly maxTokens?: number } | { readonly type: 'spent'; readonly fault: Fault };

/** A reply shorter than this is of no use, so it is not begun. */
const leastReply = 64;
/** The model is told when no more than this share is left. */
const nearlyNothing = 0.2;
const kinds = ['tokens', 'minutes', 'steps'] as const;

/** What is left, with the budget granted anew `extensions` times. */
export function whatIsLeft({ budget, spent }: Purse, extensions: number): Partial<Spent> {
  return Object.fromEntries(kinds.flatMap((kind) => (budget[kind] === undefined ? [] : [[kind, budget[kind] * (1 + extensions) - spent[kind]]])));
}

/** For a model call with so many tokens to read, and a reply of `reply` tokens at most. */
export function shareOf(purse: Purse | null, extensions: number, prompt: number, reply: number): Share {
  if (purse === null) return { type: 'share', tokens: null };
  const left = whatIsLeft(purse, extensions);
  const gone = kinds.find((kind) => (left[kind] ?? Number.POSITIVE_INFINITY) < (kind === 'tokens' ? prompt + leastReply : Number.MIN_VALUE));
  if (gone !== undefined) return { type: 'spent', fault: spentFault(gone, purse, extensions) };
  const { tokens } = left;
  if (tokens === undefined) return { type: 'share', tokens: null };
  const maxTokens = Math.min(reply, tokens - prompt);
  return { type: 'share', tokens: prompt + maxTokens, maxTokens };
}

/** What to tell the model where the budget is nearly spent; null where it is not. */
export function budgetWarning(purse: Purse | null, extensions: number): string | null {
  if (purse === null) return null;
  const left = whatIsLeft(purse, extensions);
  const near = kinds.filter((kind) => (left[kind] ?? Number.POSITIVE_INFINITY) <= nearlyNothing * (purse.budget[kind] ?? 0));
  // Where nothing is left there is nothing to tell: the run stands still.
  if (near.length === 0 || near.some((kind) => (left[kind] ?? 0) <= 0)) return null;
  const said = near.map((kind) => `${Math.floor(left[kind] ?? 0)} of ${purse.budget[kind]} ${kind}`).join(', ');
  return `Your budget is nearly spent; left: ${said}. Finish what matters most, then say what is done and what is left.`;
}

function spentFault(kind: (typeof kinds)[number], { budget, spent }: Purse, extensions: number): Fault {
  return fault(`run.budget-${kind}`, { used: Math.ceil(spent[kind]), limit: (budget[kind] ?? 0) * (1 + extensions) });
}

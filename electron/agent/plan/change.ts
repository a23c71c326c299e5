// What a call of update_plan makes of a plan. Pure: rules are only ever added, and what can't be read is refused in a sentence.
import type { Check } from '../../contract/acceptance.ts';
import type { Plan, PlanStep } from '../../contract/plan.ts';
import { ToolRefusal } from '../../tools/tool.ts';

type PlanChange = { readonly [part in 'steps' | 'rules' | 'owed']?: readonly string[] | undefined } & { readonly checks?: readonly Check[] | undefined };

/** The tool that changes a plan. */
export const planName = 'update_plan';

const mostSteps = 40;
const mostText = 500;
const marks: Readonly<Record<PlanStep['state'], string>> = { todo: '[ ]', doing: '[>]', done: '[x]', dropped: '[-]' };
/** By its name, or by what stands in its brackets. */
const states = new Map(
  (Object.keys(marks) as PlanStep['state'][]).flatMap((state) => [state, marks[state].slice(1, -1).trim()].map((word) => [word, state] as const)),
);

/** Throws a ToolRefusal where the change can't be made. */
export function changePlan(plan: Plan, { steps = [], rules = [], owed = [], checks }: PlanChange): Plan {
  const changed: Plan = {
    steps: steps.length === 0 ? plan.steps : changeSteps(plan.steps, steps.map(tidy)),
    constraints: [...new Set([...plan.constraints, ...rules.map((rule) => rule.trim()).filter((rule) => rule !== '')])],
    obligations: owed.map(tidy).reduce(changeObligations, plan.obligations),
    checks: checks === undefined ? plan.checks : [...checks],
  };
  if (changed.steps.length > mostSteps)
    throw new ToolRefusal(`A plan has at most ${mostSteps} steps and this one has ${changed.steps.length}. Make fewer, larger ones.`);
  return changed;
}

/** One line a step, numbered, with its state. */
export function stepLines(steps: readonly PlanStep[]): string[] {
  return steps.map(({ text, state }, index) => `${index + 1}. ${marks[state]} ${text}`);
}

/** Either all items change a step by its number, or they are the new plan; a step that was there before keeps its state unless it names one. */
function changeSteps(before: readonly PlanStep[], items: readonly string[]): PlanStep[] {
  const changes = items.map(readChange);
  if (changes.some((change) => change === null)) return items.map((item) => readStep(item, before));
  return changes.reduce<PlanStep[]>(
    (steps, change) => {
      const step = steps[(change?.number ?? 0) - 1];
      if (step === undefined) throw new ToolRefusal(`There is no step ${change?.number} in the plan, which has ${before.length}. Give the whole plan first.`);
      return steps.with((change?.number ?? 0) - 1, { ...step, state: change?.state ?? step.state });
    },
    [...before],
  );
}

function readStep(item: string, before: readonly PlanStep[]): PlanStep {
  const [, mark, rest] = /^(?:\d+[.)]\s*)?\[\s*([^\]\s]*)\s*\]\s*(.+)$/su.exec(item) ?? [];
  const state = mark === undefined ? undefined : states.get(mark.toLowerCase());
  const text = state === undefined ? item : (rest ?? item);
  return { text, state: state ?? before.find((step) => step.text === text)?.state ?? 'todo' };
}

function readChange(item: string): { readonly number: number; readonly state: PlanStep['state'] } | null {
  const [, number, word] = /^(?:step\s+)?#?(\d+)[.:)]?\s+(todo|doing|done|dropped)$/i.exec(item) ?? [];
  const state = states.get(word?.toLowerCase() ?? '?');
  return number === undefined || state === undefined ? null : { number: Number(number), state };
}

function changeObligations(before: Plan['obligations'], item: string): Plan['obligations'] {
  const change = readChange(item);
  if (change === null) return before.some(({ text, open }) => open && text === item) ? before : [...before, { text: item, open: true }];
  if (before[change.number - 1] === undefined) throw new ToolRefusal(`Nothing with the number ${change.number} is owed; there are ${before.length}.`);
  return before.map((one, index) => (index === change.number - 1 ? { ...one, open: change.state === 'todo' || change.state === 'doing' } : one));
}

function tidy(item: string): string {
  const text = item.trim();
  if (text === '' || text.length > mostText) throw new ToolRefusal(`Each item has 1 to ${mostText} characters; one has ${text.length}.`);
  return text;
}

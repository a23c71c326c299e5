// The tool update_plan: a long run keeps its plan, the person's rules and its promises in the journal, where no compaction reaches them.
import { z } from 'zod';
import type { EntryBody } from '../../contract/entry.ts';
import { noPlan, type Plan } from '../../contract/plan.ts';
import { prepareChecks } from '../../tools/checks/check.ts';
import { readChecks } from '../../tools/checks/grammar.ts';
import { type Tool, ToolRefusal } from '../../tools/tool.ts';
import { timeStamp } from '../prompt.ts';
import { changePlan, planName } from './change.ts';

type Parts = {
  /** As it stands. */
  plan(): Plan;
  /** Tokens that the plan would take in every request, and how many it may. */
  measure(plan: Plan): Promise<{ readonly tokens: number; readonly most: number }>;
  /** Null where the person gave checks: theirs are not for the model to change. Else whether commands are allowed. */
  readonly checks: { readonly commands: boolean } | null;
  now(): number;
};

const texts = z.array(z.string()).optional();
const minute = 60_000;
const checkForms = 'what must hold at the end: "file PATH", "file PATH matches REGEX", "count GLOB 3" (or "3+"), "each GLOB matches REGEX"';

/** Made once: each run has this tool, and to make a schema takes longer than to begin a run. */
const parametersFor = { none: parametersWith(), files: parametersWith(checkForms), commands: parametersWith(`${checkForms}, "run CMD"`) };

function parametersWith(checks?: string) {
  return z.strictObject({
    steps: texts.describe('the plan in order, or changes: "2 done", "3 doing", "4 dropped"'),
    rules: texts.describe("rules of the person's, word for word; they stay"),
    owed: texts.describe('promises to keep; "1 done" settles one'),
    ...(checks === undefined ? {} : { checks: texts.describe(checks) }),
    rest_minutes: z.int().min(1).max(1440).optional().describe('pause, then go on'),
  });
}

export function updatePlan({ plan, measure, checks, now }: Parts): Tool {
  const parameters = parametersFor[checks === null ? 'none' : checks.commands ? 'commands' : 'files'];
  type Arguments = z.infer<typeof parameters> & { readonly checks?: readonly string[] | undefined };
  const tool: Tool<Arguments> = {
    name: planName,
    description: 'Keeps your plan, always in your sight. Begin with it; update it as you go.',
    parameters: parameters as z.ZodType<Arguments>,
    effect: 'none',
    asks: false,
    title: ({ steps, rules, owed }) => [...(steps ?? []), ...(rules ?? []), ...(owed ?? [])].join(' · ').slice(0, 200),
    prepare: async (args) => ({ title: tool.title(args), payload: '', before: null, scope: '' }),
    run: async (args, { folder }) => {
      const wanted = args.checks === undefined ? undefined : await prepareChecks(readChecks(args.checks, checks?.commands ?? false), folder);
      const changed = changePlan(plan(), { ...args, checks: wanted });
      const { tokens, most } = await measure(changed);
      if (tokens > most)
        throw new ToolRefusal(`The plan would take ${tokens} tokens of every request and may take ${most}. Make it shorter: fewer steps, in fewer words.`);
      const planned: EntryBody = { type: 'planned', plan: changed };
      if (args.rest_minutes === undefined) return { ok: true, output: 'The plan is updated.', also: [planned] };
      const until = now() + args.rest_minutes * minute;
      // With the time in it, resting again is no repeated call.
      return { ok: true, output: `You rested until ${timeStamp(until)}.`, also: [planned, { type: 'resting', until, why: 'chosen' }] };
    },
  };
  return tool as unknown as Tool;
}

/** Without a run behind it: for titles only. */
export const describedPlanTool = updatePlan({
  plan: () => noPlan,
  measure: async () => ({ tokens: 0, most: 0 }),
  checks: { commands: true },
  now: Date.now,
});

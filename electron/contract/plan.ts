// What a long run keeps outside its transcript, so that nothing can push it out of the model's sight: plan, constraints, obligations.
import { z } from 'zod';
import { Check } from './acceptance.ts';

export const PlanStep = z.object({ text: z.string().min(1).max(500), state: z.enum(['todo', 'doing', 'done', 'dropped']) });
export type PlanStep = z.infer<typeof PlanStep>;

export const Plan = z.object({
  steps: z.array(PlanStep),
  /** Rules of the person's, word for word, such as "never delete". The model can add to them, never take one back. */
  constraints: z.array(z.string()),
  /** What was promised and is still owed, or has been settled. */
  obligations: z.array(z.object({ text: z.string().min(1).max(500), open: z.boolean() })),
  /** Checks that the model proposed because the person gave none. */
  checks: z.array(Check),
});
export type Plan = z.infer<typeof Plan>;
export const noPlan: Plan = { steps: [], constraints: [], obligations: [], checks: [] };

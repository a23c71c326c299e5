// What one run has before its eyes: its prefix, its tools and its view, loaded from the journal.
import { type Context, createContext } from '../agent/context.ts';
import { updatePlan } from '../agent/plan/tool.ts';
import { advance, type Progress } from '../agent/progress.ts';
import { systemPrompt } from '../agent/prompt.ts';
import type { LoopEvent, Surroundings } from '../agent/seam.ts';
import type { CountTokens } from '../agent/view/fit.ts';
import { recallStep } from '../agent/view/recall.ts';
import type { Model } from '../models/model.ts';
import type { Tool } from '../tools/tool.ts';
import { createToolbox, type Toolbox } from '../tools/toolbox.ts';
import { addHistory, entriesBefore } from './history.ts';
import type { Run, RunStore } from './store.ts';
import type { Tasks } from './tasks/store.ts';

type Around = { readonly runs: RunStore; readonly tasks: Tasks; now(): number /** The page about the person. */; profile(): string };
type Claim = { readonly run: Run; readonly model: Model; readonly signal: AbortSignal; emit(event: LoopEvent): void };
type Own = {
  /** Filled from what was recorded of the run. */
  readonly progress: Progress;
  readonly tools: readonly Tool[];
  /** Whether the model may propose checks, see `updatePlan`. */
  readonly proposals: { readonly commands: boolean } | null;
};

export type Sight = { readonly system: string; readonly toolbox: Toolbox; readonly context: Context; readonly room: Surroundings['room'] };

/** Tokens left for a reply, at most. */
const mostReply = 4096;
const leastBudget = 256;

export async function openSight(around: Around, { run, model, signal, emit }: Claim, own: Own): Promise<Sight> {
  const { runs, tasks } = around;
  const window = model.profile.contextTokens;
  const system = systemPrompt(model.profile.tier, run.kind, around.profile());
  const toolbox = createToolbox([...own.tools, ...ownTools(around, run, own, Math.min(12_000, Math.floor(window / 2)), () => context)]);
  const count: CountTokens = (texts) => model.countTokens(texts, { signal, onPhase: (phase) => emit({ type: 'phase', phase }) });
  const [prefix = 0] = await count([system + JSON.stringify(toolbox.specs())]);
  const reply = Math.min(mostReply, Math.floor(window / 4));
  const room = { prefix, messages: Math.max(leastBudget, window - reply - prefix), reply };
  const context: Context = createContext(room.messages, count);
  if (run.kind === 'turn') addHistory(context, runs, tasks, run);
  for (const entry of runs.entries.of(run.id)) {
    advance(own.progress, entry);
    context.add(entry, run.kind);
  }
  return { system, toolbox, context, room };
}

/** A task keeps a plan; a turn is short and its prompt stays so. Both can open again what was compacted. */
function ownTools({ runs, now }: Around, run: Run, { progress, proposals }: Own, mostRecalled: number, context: () => Context): readonly Tool[] {
  const plan = { plan: () => progress.plan, measure: (changed: Progress['plan']) => context().measurePlan(changed), checks: proposals, now };
  const recall = recallStep(() => [...entriesBefore(runs, run), ...runs.entries.of(run.id)], mostRecalled);
  return run.kind === 'task' ? [updatePlan(plan), recall] : [recall];
}

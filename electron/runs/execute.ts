// One claim of a run: everything the loop needs is gathered, the loop runs, and how it ended is recorded.
import { mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { taskLimits, turnLimits } from '../agent/bounds/limits.ts';
import { type Context, createContext } from '../agent/context.ts';
import { runLoop, stoppedByPerson } from '../agent/loop.ts';
import { updatePlan } from '../agent/plan/tool.ts';
import { advance, newProgress, type Progress } from '../agent/progress.ts';
import { systemPrompt } from '../agent/prompt.ts';
import { type Acceptance, type LoopEnd, type LoopEvent, put, type Surroundings } from '../agent/seam.ts';
import type { CountTokens } from '../agent/view/fit.ts';
import { recallStep } from '../agent/view/recall.ts';
import type { Entry, EntryBody } from '../contract/entry.ts';
import type { PromptTier } from '../contract/model.ts';
import type { Task } from '../contract/task.ts';
import type { Model } from '../models/model.ts';
import { type TaskToolParts, taskTools } from '../schedule/tools.ts';
import { type CheckParts, prepareChecks, runCheck } from '../tools/checks/check.ts';
import { changesSince, listedFirst } from '../tools/files/changes.ts';
import { decide } from '../tools/policy.ts';
import { receiptName } from '../tools/shell/receipt.ts';
import type { CallPlace, Tool } from '../tools/tool.ts';
import { createToolbox } from '../tools/toolbox.ts';
import type { Books } from './books.ts';
import { obstacleOf, permissionsOf, purseOf, shareForPart } from './bounds/task.ts';
import { addHistory, entriesBefore } from './history.ts';
import type { Run, Wanted } from './store.ts';
import { acceptanceOf } from './tasks/view.ts';

export type Executor = Books & {
  readonly tools: readonly Tool[];
  /** Tools that know which run uses them. */
  toolsOf(run: Run, tier: PromptTier): readonly Tool[];
  /** Large outputs of a run are kept below this folder. */
  readonly scratch: string;
  /** The language in which the person confirms a schedule. */
  language(): 'en' | 'zh';
  /** A task was added by the assistant itself. */
  taskAdded(task: Task): void;
  /** What memory holds about a message that begins a turn, or an empty text. Asked once a turn, before its first step; must not reject. */
  recalled(run: Run, text: string): string;
  /** The page about the person that stands in every prompt; may be empty. */
  profile(): string;
};

/** What a claim shares with whoever steers it. */
export type Claim = {
  readonly run: Run;
  readonly model: Model;
  readonly signal: AbortSignal;
  takeMessages(): readonly Entry[];
  emit(event: LoopEvent): void;
};

type Own = {
  /** Filled from what was recorded of the run. */
  readonly progress: Progress;
  readonly tools: readonly Tool[];
  /** Whether the model may propose checks, see `updatePlan`. */
  readonly proposals: { readonly commands: boolean } | null;
};

/** Tokens left for a reply, at most. */
const mostReply = 4096;
const leastBudget = 256;

/** Runs the loop for a claimed run until it ends, waits or is aborted. */
export async function execute(around: Executor, claim: Claim): Promise<LoopEnd> {
  const { run, model, signal } = claim;
  const scratch = join(around.scratch, String(run.id));
  const folder = around.runs.entries.last(run.id, 'message')?.body.folder ?? null;
  const place: CallPlace = { folder, scratch, signal };
  const progress = newProgress();
  const acceptance = provesOf(around, run, place);
  const shared = run.kind === 'task' ? around.tools.map(listedFirst) : around.tools;
  const tools = [...shared, ...around.toolsOf(run, model.profile.tier), ...ownTools(around, run, folder, progress)];
  const sight = await openSight(around, claim, { progress, tools, proposals: proposalsFor(around, run, acceptance) });
  if (progress.pending.length > 0) makeFolder(scratch);
  const surroundings: Surroundings = {
    lane: run.lane,
    sequence: run.kind === 'task' ? `run ${run.id}` : `conversation ${run.conversation}`,
    model,
    ...sight,
    place,
    progress,
    limits: run.kind === 'task' ? taskLimits : turnLimits,
    acceptance,
    now: around.now,
    record: (bodies) => {
      if (bodies.some((body) => body.type === 'reply' && body.calls.length > 0)) makeFolder(scratch);
      return around.runs.append(run, bodies);
    },
    permit: (tool, preview) => decide({ tool, preview, grants: permissionsOf(around, run, folder), approve: run.approve, now: around.now() }),
    ask: ({ call: { id, tool } }, preview, hash) =>
      recordQuestion(around, run, () => ({ type: 'asked', call: id, approval: around.approvals.ask(run, id, tool, preview, hash, folder ?? '') })),
    shown: around.approvals.hash,
    takeMessages: claim.takeMessages,
    purse: () => purseOf(around, run),
    reserve: (tokens) => around.runs.account.reserve(run, tokens),
    settle: (tokens) => around.runs.account.settle(run, { tokens }),
    obstacle: () => (run.kind === 'task' ? obstacleOf(around, run, folder) : null),
    park: (about, trouble) => recordQuestion(around, run, () => around.approvals.askAbout(run.id, about, trouble)),
    emit: claim.emit,
  };
  remember(around, run, surroundings);
  const end = await runLoop(surroundings);
  if (run.kind === 'task' && isOver(end, signal)) await recordChanges(around, run, place);
  removeIfEmpty(scratch);
  return end;
}

/** What one run has before its eyes: its prefix, its tools and its view, loaded from the journal. */
async function openSight(around: Executor, { run, model, signal, emit }: Claim, own: Own) {
  const { runs, tasks } = around;
  const window = model.profile.contextTokens;
  const system = systemPrompt(model.profile.tier, run.kind, around.profile());
  const toolbox = createToolbox([...own.tools, ...sightTools(around, run, own, Math.min(12_000, Math.floor(window / 2)), () => context)]);
  const count: CountTokens = (texts) => model.countTokens(texts, { signal, onPhase: (phase) => emit({ type: 'run.phase', phase }) });
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
function sightTools({ runs, now }: Executor, run: Run, { progress, proposals }: Own, mostRecalled: number, context: () => Context): readonly Tool[] {
  const plan = { plan: () => progress.plan, measure: (changed: Progress['plan']) => context().measurePlan(changed), checks: proposals, now };
  const recall = recallStep(() => [...entriesBefore(runs, run), ...runs.entries.of(run.id)], mostRecalled);
  return run.kind === 'task' ? [updatePlan(plan), recall] : [recall];
}

const noneWanted: Wanted = { checks: [], pauseMs: null };
function isOver(end: LoopEnd, signal: AbortSignal): boolean {
  return end.type === 'aborted' ? signal.reason === stoppedByPerson : end.type !== 'waiting';
}

async function recordChanges(around: Executor, run: Run, place: CallPlace): Promise<void> {
  const changes = await changesSince(place);
  if (changes !== null) around.runs.append(run, [{ type: 'changed', ...changes }]);
}

/** A task shows that it is done; one that was removed meanwhile still ends by its work being judged. */
function provesOf(around: Executor, run: Run, place: CallPlace): Acceptance | null {
  if (run.task === null) return null;
  const [row] = around.tasks.rows('id = ?', run.task);
  const wanted = run.acceptance ?? (row === undefined ? noneWanted : acceptanceOf(row));
  const shell = around.tools.find(({ name }) => name === 'run_command');
  const command: CheckParts['command'] = async (text, at) =>
    shell === undefined ? { ok: false, output: 'Commands can not be run here.' } : shell.run({ command: text }, at);
  return {
    ...wanted,
    runCheck: (check) => {
      makeFolder(place.scratch);
      return runCheck(check, { place, command });
    },
    entries: () => around.runs.entries.of(run.id),
  };
}

/** Checks are the model's to propose where the person gave none; commands only where the task may run any. */
function proposalsFor(around: Executor, run: Run, acceptance: Acceptance | null): { readonly commands: boolean } | null {
  if (acceptance === null || acceptance.checks.length > 0) return null;
  const granted = (run.task === null ? null : around.tasks.ofRun(run.id))?.grants ?? [];
  return { commands: run.approve === 'folder' || granted.some(({ tool, pattern }) => tool === 'run_command' && pattern === null) };
}

/** What memory holds is recorded with the turn, so that a restart shows the model the same. */
function remember(around: Executor, run: Run, surroundings: Surroundings): void {
  if (run.kind !== 'turn' || surroundings.progress.steps > 0 || around.runs.entries.last(run.id, 'recalled') !== null) return;
  const text = around.recalled(run, around.runs.entries.last(run.id, 'message')?.body.text ?? '');
  if (text !== '') put(surroundings, { type: 'recalled', text });
}

/** A question and its entry in one commit. */
function recordQuestion(around: Executor, run: Run, ask: () => EntryBody): Entry {
  return around.db.commit('entry.asked', () => {
    const [entry] = around.runs.append(run, [ask()]);
    if (entry === undefined) throw new Error('nothing was recorded');
    return entry;
  });
}

/** The tools that belong to one run: what they add stands in its conversation, under its permissions, and has no more than the run itself. */
function ownTools(around: Executor, run: Run, folder: string | null, progress: Progress): readonly Tool[] {
  const own = run.task === null ? null : around.tasks.get(run.task);
  const grants = own?.grants ?? [];
  const add: TaskToolParts['add'] = async (wanted, key) => {
    const { conversation, model, approve } = run;
    const checks = await prepareChecks(wanted.checks, folder);
    const task = around.db.commit('task.delegate', () => {
      const bounds = shareForPart(around, run, wanted.schedule, key, progress.extensions);
      return around.tasks.add({ ...wanted, checks, conversation, folder, model, approve, key, missed: { type: 'once' }, ...bounds });
    });
    around.taskAdded(task);
    return task;
  };
  return taskTools({ add, grants, now: around.now, language: around.language });
}

/** Only for runs that do something: it takes as long as half of what else a run begins with. */
function makeFolder(scratch: string): void {
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
}

/** Most runs leave nothing behind. */
function removeIfEmpty(folder: string): void {
  rmSync(join(folder, receiptName), { force: true });
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST' || error.code === 'ENOENT'))) throw error;
  }
}

// One claim of a run: everything the loop needs is gathered, the loop runs, and how it ended is recorded.
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, type CountTokens, createContext } from '../agent/context.ts';
import { taskLimits, turnLimits } from '../agent/limits.ts';
import { runLoop } from '../agent/loop.ts';
import { advance, newProgress } from '../agent/progress.ts';
import { systemPrompt } from '../agent/prompt.ts';
import type { LoopEnd, LoopEvent, Surroundings } from '../agent/seam.ts';
import type { Entry } from '../contract/entry.ts';
import type { Schedule } from '../contract/schedule.ts';
import type { Task } from '../contract/task.ts';
import type { Db } from '../journal/open.ts';
import type { Model } from '../models/model.ts';
import { decide } from '../tools/policy.ts';
import type { Tool } from '../tools/tool.ts';
import { createToolbox, type Toolbox } from '../tools/toolbox.ts';
import type { Approvals } from './approvals.ts';
import { addHistory } from './history.ts';
import type { Run, RunStore } from './store.ts';
import type { Tasks } from './tasks/store.ts';
import { taskTools } from './tasks/tools.ts';

export type Executor = {
  readonly db: Db;
  readonly runs: RunStore;
  readonly tasks: Tasks;
  readonly approvals: Approvals;
  readonly tools: readonly Tool[];
  /** Tools that know which run uses them. */
  toolsOf(run: Run): readonly Tool[];
  /** Large outputs of a run are kept below this folder. */
  readonly scratch: string;
  now(): number;
  /** The language in which the person confirms a schedule. */
  language(): 'en' | 'zh';
  /** A task was added by the assistant itself. */
  taskAdded(task: Task): void;
};

/** What a claim shares with whoever steers it. */
export type Claim = {
  readonly run: Run;
  readonly model: Model;
  readonly signal: AbortSignal;
  takeMessages(): readonly Entry[];
  emit(event: LoopEvent): void;
};

/** Runs the loop for a claimed run until it ends, waits or is aborted. */
export async function execute(around: Executor, claim: Claim): Promise<LoopEnd> {
  const { run, model, signal } = claim;
  const scratch = join(around.scratch, String(run.id));
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const folder = around.runs.entries.last(run.id, 'message')?.body.folder ?? null;
  const toolbox = createToolbox([...around.tools, ...around.toolsOf(run), ...ownTools(around, run, folder)]);
  const progress = newProgress();
  const context = await loadContext(around, claim, toolbox, (entry) => advance(progress, entry));
  const surroundings: Surroundings = {
    lane: run.lane,
    sequence: run.kind === 'task' ? `run ${run.id}` : `conversation ${run.conversation}`,
    model,
    toolbox,
    place: { folder, scratch, signal },
    progress,
    context,
    limits: run.kind === 'task' ? taskLimits : turnLimits,
    now: around.now,
    record: (bodies) => around.runs.append(run, bodies),
    permit: (tool, preview) =>
      decide({
        tool: tool.name,
        asks: tool.asks || preview.asks === true,
        scope: preview.scope,
        grants: around.approvals.grants(run.conversation),
        approve: run.approve,
      }),
    ask: (pending, preview, hash) => recordQuestion(around, run, pending.call.id, pending.call.tool, preview, hash, folder ?? ''),
    shown: around.approvals.hash,
    takeMessages: claim.takeMessages,
    emit: claim.emit,
  };
  const end = await runLoop(surroundings);
  removeIfEmpty(scratch);
  return end;
}

async function loadContext(around: Executor, { run, model, signal, emit }: Claim, toolbox: Toolbox, see: (entry: Entry) => void): Promise<Context> {
  const count: CountTokens = (texts) => model.countTokens(texts, { signal, onPhase: (phase) => emit({ type: 'phase', phase }) });
  const [prefix = 0] = await count([systemPrompt + JSON.stringify(toolbox.specs())]);
  const window = model.profile.contextTokens;
  const reply = Math.min(4096, Math.floor(window / 4));
  const context = createContext(Math.max(256, window - reply - prefix), count);
  if (run.kind === 'turn') addHistory(context, around.runs, around.tasks, run);
  context.startRun();
  for (const entry of around.runs.entries.of(run.id)) {
    see(entry);
    context.add(entry, run.kind);
  }
  return context;
}

function recordQuestion(around: Executor, run: Run, call: string, tool: string, preview: Parameters<Approvals['ask']>[3], hash: string, folder: string): Entry {
  return around.db.commit('entry.asked', () => {
    const approval = around.approvals.ask(run, call, tool, preview, hash, folder);
    const [entry] = around.runs.append(run, [{ type: 'asked', call, approval }]);
    if (entry === undefined) throw new Error('nothing was recorded');
    return entry;
  });
}

/** The tools that belong to one run: what they add stands in its conversation, under its permissions. */
function ownTools(around: Executor, run: Run, folder: string | null): readonly Tool[] {
  const add = (goal: string, schedule: Schedule, key: string): Task => {
    const { conversation, model, approve } = run;
    const task = around.tasks.add({ conversation, goal, folder, model, approve, key, schedule, missed: { type: 'once' } });
    around.taskAdded(task);
    return task;
  };
  return taskTools({ add, now: around.now, language: around.language });
}

/** Most runs leave nothing behind. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST' || error.code === 'ENOENT'))) throw error;
  }
}

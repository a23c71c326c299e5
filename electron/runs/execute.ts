// One claim of a run: everything the loop needs is gathered, the loop runs, and how it ended is recorded.
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, type CountTokens, createContext } from '../agent/context.ts';
import { taskLimits, turnLimits } from '../agent/limits.ts';
import { runLoop, stoppedByPerson } from '../agent/loop.ts';
import { advance, newProgress } from '../agent/progress.ts';
import { systemPrompt } from '../agent/prompt.ts';
import type { Acceptance, LoopEnd, LoopEvent, Surroundings } from '../agent/seam.ts';
import type { Entry } from '../contract/entry.ts';
import type { Schedule } from '../contract/schedule.ts';
import type { Task } from '../contract/task.ts';
import type { Db } from '../journal/open.ts';
import type { Model } from '../models/model.ts';
import type { ScheduleToolParts } from '../schedule/tools.ts';
import { type CheckParts, prepareChecks, runCheck } from '../tools/checks/check.ts';
import { changesSince, listedFirst } from '../tools/files/changes.ts';
import { decide } from '../tools/policy.ts';
import type { CallPlace, Tool } from '../tools/tool.ts';
import { createToolbox, type Toolbox } from '../tools/toolbox.ts';
import type { Approvals } from './approvals.ts';
import { addHistory } from './history.ts';
import type { Run, RunStore } from './store.ts';
import type { Tasks } from './tasks/store.ts';
import { taskTools } from './tasks/tools.ts';
import { checksOf } from './tasks/view.ts';

export type Executor = {
  readonly db: Db;
  readonly runs: RunStore;
  readonly tasks: Tasks;
  readonly approvals: Approvals;
  readonly tools: readonly Tool[];
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
  const toolbox = createToolbox([...(run.kind === 'task' ? around.tools.map(listedFirst) : around.tools), ...ownTools(around, run, folder)]);
  const place: CallPlace = { folder, scratch, signal };
  const progress = newProgress();
  const context = await loadContext(around, claim, toolbox, (entry) => advance(progress, entry));
  const surroundings: Surroundings = {
    lane: run.lane,
    sequence: run.kind === 'task' ? `run ${run.id}` : `conversation ${run.conversation}`,
    model,
    toolbox,
    place,
    progress,
    context,
    limits: run.kind === 'task' ? taskLimits : turnLimits,
    acceptance: acceptanceOf(around, run, place),
    now: around.now,
    record: (bodies) => around.runs.append(run, bodies),
    permit: (tool, preview) =>
      decide({ tool: tool.name, asks: tool.asks, scope: preview.scope, grants: around.approvals.grants(run.conversation), approve: run.approve }),
    ask: (pending, preview, hash) => recordQuestion(around, run, pending.call.id, pending.call.tool, preview, hash, folder ?? ''),
    shown: around.approvals.hash,
    takeMessages: claim.takeMessages,
    emit: claim.emit,
  };
  const end = await runLoop(surroundings);
  if (run.kind === 'task' && isOver(end, signal)) await recordChanges(around, run, place);
  removeIfEmpty(scratch);
  return end;
}

function isOver(end: LoopEnd, signal: AbortSignal): boolean {
  return end.type === 'aborted' ? signal.reason === stoppedByPerson : end.type !== 'waiting';
}

async function recordChanges(around: Executor, run: Run, place: CallPlace): Promise<void> {
  const changes = await changesSince(place);
  if (changes !== null) around.runs.append(run, [{ type: 'changed', ...changes }]);
}

/** A task shows that it is done; one that was removed meanwhile still ends by its work being judged. */
function acceptanceOf(around: Executor, run: Run, place: CallPlace): Acceptance | null {
  if (run.task === null) return null;
  const [row] = around.tasks.rows('id = ?', run.task);
  const schedule = row === undefined ? null : (JSON.parse(row.schedule) as Schedule);
  const shell = around.tools.find(({ name }) => name === 'run_command');
  const command: CheckParts['command'] = async (text, at) =>
    shell === undefined ? { ok: false, output: 'Commands can not be run here.' } : shell.run({ command: text }, at);
  return {
    checks: row === undefined ? [] : checksOf(row),
    pauseMs: schedule?.type === 'until-done' ? schedule.pauseMs : null,
    runCheck: (check) => runCheck(check, { place, command }),
    entries: () => around.runs.entries.of(run.id),
  };
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
  const own = run.task === null ? null : around.tasks.get(run.task);
  const grants = own?.grants ?? [];
  const add: ScheduleToolParts['add'] = async (wanted, key) => {
    const { conversation, model, approve } = run;
    const checks = await prepareChecks(wanted.checks, folder);
    const bounds = { checks, grants, budget: own?.budget ?? {}, parent: own === null ? null : run.id };
    const task = around.tasks.add({ ...wanted, conversation, folder, model, approve, key, missed: { type: 'once' }, ...bounds });
    around.taskAdded(task);
    return task;
  };
  return taskTools({ add, grants, now: around.now, language: around.language });
}

/** Most runs leave nothing behind. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST' || error.code === 'ENOENT'))) throw error;
  }
}

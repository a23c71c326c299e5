// One claim of a run: everything the loop needs is gathered, the loop runs, and how it ended is recorded.
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { taskLimits, turnLimits } from '../agent/limits.ts';
import { runLoop } from '../agent/loop.ts';
import { newProgress } from '../agent/progress.ts';
import { put } from '../agent/record.ts';
import type { Acceptance, LoopEnd, LoopEvent, Surroundings } from '../agent/seam.ts';
import type { Entry } from '../contract/entry.ts';
import type { Schedule } from '../contract/schedule.ts';
import type { Task } from '../contract/task.ts';
import type { Db } from '../journal/open.ts';
import type { Model } from '../models/model.ts';
import { type CheckParts, runCheck } from '../tools/checks/check.ts';
import { decide } from '../tools/policy.ts';
import type { CallPlace, Tool } from '../tools/tool.ts';
import type { Approvals } from './approvals.ts';
import { openSight } from './sight.ts';
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
  /** What memory holds about a message that begins a turn, or an empty text. Asked once a turn, before its first step; must not reject. */
  recalled?(run: Run, text: string): Promise<string>;
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
  const place: CallPlace = { folder, scratch, signal };
  const progress = newProgress();
  const acceptance = acceptanceOf(around, run, place);
  const { runs, tasks, now } = around;
  const tools = [...around.tools, ...ownTools(around, run, folder)];
  const sight = await openSight({ runs, tasks, run, model, signal, progress, tools, proposals: proposalsFor(around, run, acceptance), now, emit: claim.emit });
  const surroundings: Surroundings = {
    lane: run.lane,
    sequence: run.kind === 'task' ? `run ${run.id}` : `conversation ${run.conversation}`,
    model,
    ...sight,
    place,
    progress,
    limits: run.kind === 'task' ? taskLimits : turnLimits,
    acceptance,
    now,
    record: (bodies) => around.runs.append(run, bodies),
    permit: (tool, preview) =>
      decide({ tool: tool.name, asks: tool.asks, scope: preview.scope, grants: around.approvals.grants(run.conversation), approve: run.approve }),
    ask: (pending, preview, hash) => recordQuestion(around, run, pending.call.id, pending.call.tool, preview, hash, folder ?? ''),
    shown: around.approvals.hash,
    takeMessages: claim.takeMessages,
    emit: claim.emit,
  };
  await remember(around, run, surroundings);
  const end = await runLoop(surroundings);
  removeIfEmpty(scratch);
  return end;
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

/** Checks are the model's to propose where the person gave none; commands only where the task may run any. */
function proposalsFor(around: Executor, run: Run, acceptance: Acceptance | null): { readonly commands: boolean } | null {
  if (acceptance === null || acceptance.checks.length > 0) return null;
  const granted = (run.task === null ? null : around.tasks.ofRun(run.id))?.grants ?? [];
  return { commands: run.approve === 'folder' || granted.some(({ tool, pattern }) => tool === 'run_command' && pattern === null) };
}

/** What memory holds is recorded with the turn, so that a restart shows the model the same. */
async function remember(around: Executor, run: Run, surroundings: Surroundings): Promise<void> {
  if (around.recalled === undefined || run.kind !== 'turn' || surroundings.progress.steps > 0 || around.runs.entries.last(run.id, 'recalled') !== null) return;
  const text = await around.recalled(run, around.runs.entries.last(run.id, 'message')?.body.text ?? '');
  if (text !== '') put(surroundings, { type: 'recalled', text });
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
    const own = run.task === null ? null : around.tasks.get(run.task);
    const bounds = { grants: own?.grants ?? [], budget: own?.budget ?? {}, parent: own === null ? null : run.id };
    const task = around.tasks.add({ conversation, goal, folder, model, approve, key, schedule, missed: { type: 'once' }, checks: [], ...bounds });
    around.taskAdded(task);
    return task;
  };
  return taskTools({ add, now: around.now, language: around.language }).filter(({ name }) => run.kind === 'turn' || name !== 'start_task');
}

/** Most runs leave nothing behind. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST' || error.code === 'ENOENT'))) throw error;
  }
}

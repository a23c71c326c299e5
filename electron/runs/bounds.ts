// The bounds of a task around one of its runs: what it may do, what it may use, and what it can hand on.
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { type Purse, whatIsLeft } from '../agent/budget.ts';
import { advance, newProgress } from '../agent/progress.ts';
import type { Budget } from '../contract/budget.ts';
import { type Fault, fault } from '../contract/fault.ts';
import type { TaskGrant } from '../contract/grant.ts';
import type { Schedule } from '../contract/schedule.ts';
import { narrow } from '../tools/grants.ts';
import type { Grant } from '../tools/policy.ts';
import { ToolRefusal } from '../tools/tool.ts';
import type { Permissions } from './permissions.ts';
import type { Run, RunStore } from './store.ts';
import type { NewTask, Tasks } from './tasks/store.ts';
import { spentBy } from './tasks/view.ts';

type Parts = { readonly runs: RunStore; readonly tasks: Tasks; readonly permissions: Permissions };

/** Grants hold at once where the person changes them, but only in the folder for which they were given. */
export function permissionsOf({ tasks, permissions }: Parts, run: Run, folder: string | null): readonly Grant[] {
  const [row] = run.task === null ? [] : tasks.rows('id = ?', run.task);
  const own = row === undefined || row.folder !== folder ? [] : (JSON.parse(row.grants) as TaskGrant[]);
  return permissions.of(run, own, folder === null ? null : real(folder));
}

/** Null for a turn, and for a task without a budget. */
export function purseOf({ runs, tasks }: Parts, { id, task }: Run): Purse | null {
  const [row] = task === null ? [] : tasks.rows('id = ?', task);
  const budget = row === undefined ? {} : (JSON.parse(row.budget) as Budget);
  return Object.keys(budget).length === 0 ? null : { budget, spent: spentBy(runs.get(id)) };
}

/** The folder is gone, or can't be written where the task was allowed to write. */
export function obstacleOf({ tasks }: Parts, { task, approve }: Run, folder: string | null): Fault | null {
  if (folder === null) return null;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return fault('folder.missing', { folder }, { retry: true });
  const [row] = task === null ? [] : tasks.rows('id = ?', task);
  if (approve !== 'folder' && (row === undefined || row.grants === '[]')) return null;
  try {
    accessSync(folder, constants.W_OK);
    return null;
  } catch {
    return fault('folder.read-only', { folder }, { retry: true });
  }
}

/**
 * A part that a task's run hands over is given the task's grants, or those of them that are wanted, and half of what its budget has left: that half is no longer the run's. Inside the
 * caller's commit; throws a ToolRefusal where no budget could hold.
 */
export function shareForPart(
  parts: Parts,
  run: Run,
  { schedule, key, grants: wanted }: Pick<NewTask, 'schedule' | 'key'> & { readonly grants?: readonly TaskGrant[] },
): Pick<NewTask, 'grants' | 'budget' | 'parent'> {
  const [row] = run.task === null ? [] : parts.tasks.rows('id = ?', run.task);
  if (row === undefined) return { grants: wanted ?? [], budget: {}, parent: null };
  const own = JSON.parse(row.grants) as TaskGrant[];
  const grants = wanted === undefined ? own : narrow(own, wanted);
  const purse = purseOf(parts, run);
  // Called again after a crash it finds the task of the first time, whose share was taken then.
  if (purse === null || parts.tasks.rows('key = ?', key).length > 0) return { grants, budget: {}, parent: run.id };
  if (schedule.type !== 'now' && schedule.type !== 'at')
    throw new ToolRefusal('This task has a budget, and work without an end would go beyond it. Hand over work for once, or ask the person.');
  const left = whatIsLeft(purse, extensionsOf(parts.runs, run));
  const budget = {
    ...(left.tokens === undefined ? {} : { tokens: Math.floor(left.tokens / 2) }),
    ...(left.minutes === undefined ? {} : { minutes: left.minutes / 2 }),
    ...(left.steps === undefined ? {} : { steps: Math.floor(left.steps / 2) }),
  };
  if (Object.values(budget).some((share) => share <= 0))
    throw new ToolRefusal('Too little is left of the budget to hand work over. Do it here, or say what is left.');
  parts.runs.settle(run, budget);
  return { grants, budget, parent: run.id };
}

function extensionsOf(runs: RunStore, run: Run): number {
  const progress = newProgress();
  for (const entry of runs.entries.of(run.id)) advance(progress, entry);
  return progress.extensions;
}

/** A folder that is gone has no other name; then nothing in it can be allowed either. */
function real(folder: string): string {
  return statSync(folder, { throwIfNoEntry: false }) === undefined ? folder : realpathSync(folder);
}

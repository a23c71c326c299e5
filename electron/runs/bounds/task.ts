// The bounds of a task around one of its runs: what it may do, what it may use, and what it can hand on.
import { accessSync, constants, statSync } from 'node:fs';
import { type Purse, whatIsLeft } from '../../agent/bounds/budget.ts';
import type { Spent } from '../../contract/budget.ts';
import { type Fault, fault } from '../../contract/fault.ts';
import type { Schedule } from '../../contract/schedule.ts';
import { realPath } from '../../durable.ts';
import type { Grant } from '../../tools/policy.ts';
import { ToolRefusal } from '../../tools/tool.ts';
import type { Books } from '../books.ts';
import type { Run } from '../store.ts';
import type { NewTask } from '../tasks/store.ts';
import { spentBy } from '../tasks/view.ts';

/** Grants hold at once where the person changes them, but only in the folder for which they were given. */
export function permissionsOf({ tasks, permissions }: Books, run: Run, folder: string | null): readonly Grant[] {
  const [row] = tasks.rows('id = ?', run.task);
  const own = row === undefined || row.folder !== folder ? [] : row.grants;
  return permissions.of(run, own, folder === null || own.length === 0 ? folder : realPath(folder));
}

/** Null for a turn, and for a task without a budget. */
export function purseOf({ runs, tasks }: Books, { id, task }: Run): Purse | null {
  const [row] = tasks.rows('id = ?', task);
  const budget = row?.budget ?? {};
  return Object.keys(budget).length === 0 ? null : { budget, spent: spentBy(runs.get(id)) };
}

/** The folder is gone, or can't be written where the task was allowed to write. */
export function obstacleOf({ tasks }: Books, { task, approve }: Run, folder: string | null): Fault | null {
  if (folder === null) return null;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return fault('folder.missing', { folder }, { retry: true });
  const [row] = tasks.rows('id = ?', task);
  if (approve !== 'folder' && (row === undefined || row.grants.length === 0)) return null;
  try {
    accessSync(folder, constants.W_OK);
    return null;
  } catch {
    return fault('folder.read-only', { folder }, { retry: true });
  }
}

/**
 * A part that a task's run hands over is given the task's grants, and half of what its budget has left: that half is no longer the run's.
 * Inside the caller's commit; throws a ToolRefusal where no budget could hold.
 */
export function shareForPart(parts: Books, run: Run, schedule: Schedule, key: string, extensions: number): Pick<NewTask, 'grants' | 'budget' | 'parent'> {
  const [row] = parts.tasks.rows('id = ?', run.task);
  if (row === undefined) return { grants: [], budget: {}, parent: null };
  const bounds = { grants: row.grants, parent: run.id };
  const purse = purseOf(parts, run);
  // Called again after a crash it finds the task of the first time, whose share was taken then.
  if (purse === null || parts.tasks.rows('key = ?', key).length > 0) return { ...bounds, budget: {} };
  if (schedule.type !== 'now' && schedule.type !== 'at')
    throw new ToolRefusal('This task has a budget, and work without an end would go beyond it. Hand over work for once, or ask the person.');
  const left = Object.entries(whatIsLeft(purse, extensions));
  const budget: Partial<Spent> = Object.fromEntries(left.map(([kind, value]) => [kind, kind === 'minutes' ? value / 2 : Math.floor(value / 2)]));
  if (Object.values(budget).some((share) => share <= 0))
    throw new ToolRefusal('Too little is left of the budget to hand work over. Do it here, or say what is left.');
  parts.runs.account.settle(run, budget);
  return { ...bounds, budget };
}

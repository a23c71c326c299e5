// What a task keeps to, read from the options of `nacre task add` and `edit`.
import type { Budget } from '../../../contract/budget.ts';
import type { RequestInput } from '../../../contract/request.ts';
import type { Task, TypedTask } from '../../../contract/task.ts';
import { readTyped } from '../../../runs/tasks/typed.ts';
import { parseFileCheck } from '../../../tools/checks/grammar.ts';
import { usageError } from '../../exit.ts';
import type { Session } from '../../session.ts';
import { findModel } from '../find.ts';

type When = Pick<TypedTask, 'at' | 'every' | 'cron' | 'zone' | 'after' | 'untilDone' | 'missed'>;

export type Given = When & {
  readonly check?: readonly string[];
  readonly checkFile?: readonly string[];
  readonly grant?: readonly string[];
  readonly budgetTokens?: number;
  readonly budgetMinutes?: number;
  readonly budgetSteps?: number;
  /** Absolute, and there. */
  readonly folder?: string;
  readonly model?: string;
  readonly clear?: readonly ('checks' | 'grants' | 'budget')[];
};

type Bounds = Pick<RequestInput<'task.edit'>, 'folder' | 'model' | 'schedule' | 'missed' | 'checks' | 'grants' | 'budget'>;

const waysToSchedule = ['at', 'every', 'cron', 'zone', 'after', 'untilDone'] as const;

/** Only what was given. Throws a FaultError whose sentence says what can't be understood. `before` is the task that is edited. */
export async function readGiven({ client }: Pick<Session, 'client'>, given: Given, before: Pick<Task, 'budget'> = { budget: {} }): Promise<Bounds> {
  const { folder, missed, check, checkFile, grant = [], clear = [] } = given;
  const typed = readTyped({ ...given, checks: [], grants: [...grant] }, Date.now());
  if (!typed.ok) throw usageError(typed.reason);
  const { schedule, grants } = typed.value;
  const checks = [...(check ?? []).map((command) => ({ type: 'command' as const, command })), ...(checkFile ?? []).map(readFileCheck)];
  const budget = budgetOf(given, clear.includes('budget') ? {} : before.budget);
  return {
    ...(folder === undefined ? {} : { folder }),
    ...(given.model === undefined ? {} : { model: (await findModel(client, given.model)).id }),
    ...(waysToSchedule.some((way) => given[way] !== undefined) ? { schedule } : {}),
    ...(missed === undefined ? {} : { missed: typed.value.missed }),
    ...(checks.length > 0 || clear.includes('checks') ? { checks } : {}),
    ...(grants.length > 0 || clear.includes('grants') ? { grants } : {}),
    ...(budget === null && !clear.includes('budget') ? {} : { budget: budget ?? {} }),
  };
}

/** Null where nothing of it was given; what is not given stays as it was. */
function budgetOf({ budgetTokens: tokens, budgetMinutes: minutes, budgetSteps: steps }: Given, before: Budget): Budget | null {
  if (tokens === undefined && minutes === undefined && steps === undefined) return null;
  return { ...before, ...(tokens === undefined ? {} : { tokens }), ...(minutes === undefined ? {} : { minutes }), ...(steps === undefined ? {} : { steps }) };
}

function readFileCheck(text: string) {
  const read = parseFileCheck(text);
  if (!read.ok) throw usageError(read.reason);
  return read.value;
}

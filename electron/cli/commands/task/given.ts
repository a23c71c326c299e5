// What a task keeps to, read from the options of `nacre task add` and `edit`.
import { isDeepStrictEqual } from 'node:util';
import type { RequestInput } from '../../../contract/request.ts';
import type { Task, TypedTask } from '../../../contract/task.ts';
import { readTyped } from '../../../schedule/typed.ts';
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

/** What was given, and undefined for what was not. Throws a FaultError whose sentence says what can't be understood. `before` is the task that is edited. */
export async function readGiven({ client }: Pick<Session, 'client'>, given: Given, before: Pick<Task, 'budget'> = { budget: {} }): Promise<Bounds> {
  const { folder, missed, check = [], checkFile = [], grant = [], clear = [] } = given;
  const typed = readTyped({ ...given, folder: process.cwd(), checks: [], grants: [...grant] }, Date.now());
  if (!typed.ok) throw usageError(typed.fault.message);
  const checks = [...check.map((command) => ({ type: 'command' as const, command })), ...checkFile.map(readFileCheck)];
  const budget = {
    ...(clear.includes('budget') ? {} : before.budget),
    ...JSON.parse(JSON.stringify({ tokens: given.budgetTokens, minutes: given.budgetMinutes, steps: given.budgetSteps })),
  };
  return {
    folder,
    model: given.model === undefined ? undefined : (await findModel(client, given.model)).id,
    schedule: typed.value.schedule.type === 'now' ? undefined : typed.value.schedule,
    missed: missed === undefined ? undefined : typed.value.missed,
    checks: checks.length > 0 || clear.includes('checks') ? checks : undefined,
    grants: grant.length > 0 || clear.includes('grants') ? typed.value.grants : undefined,
    budget: isDeepStrictEqual(budget, before.budget) ? undefined : budget,
  };
}

function readFileCheck(text: string) {
  const read = parseFileCheck(text);
  if (!read.ok) throw usageError(read.fault.message);
  return read.value;
}

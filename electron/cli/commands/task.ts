// `nacre task`: hand over work, look at it, stop it.
import { randomUUID } from 'node:crypto';
import type { Task } from '../../contract/task.ts';
import { exitCode, usageError } from '../exit.ts';
import type { Session } from '../session.ts';
import { fill } from '../texts.ts';
import type { AskOptions } from './ask.ts';
import { findModel } from './find.ts';

export async function addTask({ client, terminal, texts }: Session, goal: string, options: Omit<AskOptions, 'conversation'>): Promise<number> {
  const { folder } = options;
  if (options.approve === 'folder' && folder === undefined)
    throw usageError('--approve folder needs --folder DIR: the folder inside which everything is allowed.');
  const model = options.model === undefined ? undefined : await findModel(client, options.model);
  const task = await client.request('task.add', {
    goal,
    key: randomUUID(),
    approve: options.approve ?? 'ask',
    ...(folder === undefined ? {} : { folder }),
    ...(model === undefined ? {} : { model: model.id }),
  });
  terminal.line({ type: 'task', task });
  terminal.answer(`t${task.id}\n`);
  terminal.note(fill(texts.taskAdded, { id: task.id }));
  return exitCode.done;
}

export async function listTasks({ client, terminal, texts }: Session): Promise<number> {
  const { tasks } = await client.request('task.list', {});
  for (const task of tasks) {
    terminal.line({ type: 'task', task });
    terminal.answer(`${row(task)}\n`);
  }
  if (tasks.length === 0) terminal.note(texts.none);
  return exitCode.done;
}

export async function showTask({ client, terminal }: Session, id: number): Promise<number> {
  const task = await client.request('task.show', { task: id });
  terminal.line({ type: 'task', task });
  const more = [task.folder, task.current, task.result, task.fault?.message].filter((line) => line !== undefined && line !== null && line !== '');
  terminal.answer(`${[row(task), `run r${task.run}`, ...more].join('\n')}\n`);
  return exitCode.done;
}

export async function stopTask({ client, terminal }: Session, id: number): Promise<number> {
  const task = await client.request('task.stop', { task: id });
  terminal.line({ type: 'task', task });
  terminal.answer(`${row(task)}\n`);
  return exitCode.done;
}

function row({ id, state, waitingFor, steps, goal }: Task): string {
  return `t${id}\t${state}${waitingFor === null ? '' : ` (${waitingFor})`}\t${steps}\t${goal.split('\n')[0]}`;
}

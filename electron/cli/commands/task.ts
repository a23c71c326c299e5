// `nacre task`: hand over work, look at it, stop it.
import { randomUUID } from 'node:crypto';
import type { Task } from '../../contract/task.ts';
import { exitCode, usageError } from '../exit.ts';
import type { Session } from '../session.ts';
import { fill } from '../texts.ts';
import type { AskOptions } from './ask.ts';
import { findModel } from './find.ts';
import { readWhen, sayScheduled, showHistory, type When } from './schedule.ts';

export async function addTask(session: Session, goal: string, options: Omit<AskOptions, 'conversation'> & When): Promise<number> {
  const { client, terminal, texts } = session;
  const { folder } = options;
  if (options.approve === 'folder' && folder === undefined)
    throw usageError('--approve folder needs --folder DIR: the folder inside which everything is allowed.');
  const model = options.model === undefined ? undefined : await findModel(client, options.model);
  const task = await client.request('task.add', {
    goal,
    key: randomUUID(),
    approve: options.approve ?? 'ask',
    ...readWhen(options),
    ...(folder === undefined ? {} : { folder }),
    ...(model === undefined ? {} : { model: model.id }),
  });
  terminal.line({ type: 'task', task });
  terminal.answer(`t${task.id}\n`);
  terminal.note(task.schedule.type === 'now' ? fill(texts.taskAdded, { id: task.id }) : sayScheduled(session, task));
  return exitCode.done;
}

export async function listTasks(session: Session): Promise<number> {
  const { client, terminal, texts } = session;
  const { tasks } = await client.request('task.list', {});
  for (const task of tasks) {
    terminal.line({ type: 'task', task });
    terminal.answer(`${row(task)}\n`);
  }
  if (tasks.length === 0) terminal.note(texts.none);
  await sayRest(session, tasks);
  return exitCode.done;
}

type Verb = 'show' | 'stop' | 'pause' | 'resume' | 'run-now' | 'remove' | 'history';

/** What is done to one task, or asked about it. */
export async function oneTask(session: Session, verb: Verb, id: number): Promise<number> {
  const { client, terminal, texts } = session;
  if (verb === 'history') return showHistory(session, id);
  if (verb === 'remove') {
    await client.request('task.remove', { task: id });
    terminal.note(fill(texts.taskRemoved, { id }));
    return exitCode.done;
  }
  const task = await client.request(`task.${verb}`, { task: id });
  terminal.line({ type: 'task', task });
  terminal.answer(`${(verb === 'show' ? details(session, task) : [row(task)]).join('\n')}\n`);
  await sayRest(session, [task]);
  return exitCode.done;
}

/** Why what is queued does not begin. */
async function sayRest({ client, terminal, texts }: Session, tasks: readonly Task[]): Promise<void> {
  if (!tasks.some(({ state }) => state === 'queued')) return;
  const { resting } = await client.request('app.state', {});
  if (resting !== null) terminal.note(texts[`rest.${resting}`]);
}

function details(session: Session, task: Task): string[] {
  const scheduled = task.schedule.type === 'now' ? '' : sayScheduled(session, task);
  const more = [scheduled, task.folder, task.current, task.result, task.fault?.message].filter((line) => line !== undefined && line !== null && line !== '');
  return [row(task), ...(task.run === null ? [] : [`run r${task.run}`]), ...more.map(String)];
}

function row({ id, state, waitingFor, paused, steps, goal }: Task): string {
  const why = paused ? ' (paused)' : waitingFor === null ? '' : ` (${waitingFor})`;
  return `t${id}\t${state}${why}\t${steps}\t${goal.split('\n')[0]}`;
}

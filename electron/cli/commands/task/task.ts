// `nacre task`: hand over work, change it, look at it, stop it.
import { randomUUID } from 'node:crypto';
import type { Task } from '../../../contract/task.ts';
import { exitCode, usageError } from '../../exit.ts';
import type { Session } from '../../session.ts';
import { fill } from '../../texts.ts';
import type { AskOptions } from '../ask.ts';
import { row, sayScheduled, taskLines } from './details.ts';
import { type Given, readGiven } from './given.ts';
import { showHistory } from './history.ts';

export async function addTask(session: Session, goal: string, options: Given & Pick<AskOptions, 'approve'>): Promise<number> {
  if (options.approve === 'folder' && options.folder === undefined)
    throw usageError('--approve folder needs --folder DIR: the folder inside which everything is allowed.');
  const given = await readGiven(session, options);
  const task = await session.client.request('task.add', { goal, key: randomUUID(), approve: options.approve ?? 'ask', ...given });
  session.terminal.answer(`t${task.id}\n`);
  return sayTask(session, task);
}

export async function editTask(session: Session, id: number, { goal, ...options }: Given & { readonly goal?: string }): Promise<number> {
  const given = await readGiven(session, options, await session.client.request('task.show', { task: id }));
  if ([goal, ...Object.values(given)].every((each) => each === undefined))
    throw usageError('Nothing to change was given: `nacre task edit --help` shows what can be.');
  const task = await session.client.request('task.edit', { task: id, goal, ...given });
  session.terminal.answer(`${row(task)}\n`);
  return sayTask(session, task);
}

function sayTask(session: Session, task: Task): number {
  const { terminal, texts } = session;
  terminal.line({ type: 'task', task });
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

/** Why what is queued does not begin. */
async function sayRest({ client, terminal, texts }: Session, tasks: readonly Task[]): Promise<void> {
  if (!tasks.some(({ state }) => state === 'queued')) return;
  const { resting } = await client.request('app.state', {});
  if (resting !== null) terminal.note(texts[`rest.${resting}`]);
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
  if (verb === 'show') await showDetails(session, task);
  else {
    terminal.line({ type: 'task', task });
    terminal.answer(`${row(task)}\n`);
  }
  await sayRest(session, [task]);
  return exitCode.done;
}

async function showDetails(session: Session, task: Task): Promise<void> {
  const shown = task.run === null ? null : await session.client.request('run.show', { run: task.run });
  const report = shown === null || shown.run.endedAt === null ? null : shown.report;
  session.terminal.line({ type: 'task', task, report });
  session.terminal.answer(`${taskLines(session, task, report).join('\n')}\n`);
}

// `nacre task`: hand over work, change it, look at it, stop it.
import { randomUUID } from 'node:crypto';
import type { Task } from '../../../contract/task.ts';
import { fill } from '../../../contract/tell.ts';
import { wallText } from '../../../contract/words.ts';
import { usageError } from '../../exit.ts';
import { type Session, showAll } from '../../session.ts';
import type { AskOptions } from '../ask.ts';
import { listApprovals } from '../look.ts';
import { row, sayScheduled, taskLines } from './details.ts';
import { type Given, readGiven } from './given.ts';

export async function addTask(session: Session, goal: string, options: Given & Pick<AskOptions, 'approve'>): Promise<void> {
  if (options.approve === 'folder' && options.folder === undefined)
    throw usageError('--approve folder needs --folder DIR: the folder inside which everything is allowed.');
  const given = await readGiven(session, options);
  if (given.missed !== undefined && !['at', 'every', 'cron'].includes(given.schedule?.type ?? ''))
    throw usageError('There is no due time to miss: --missed is only of use with --at, --every or --cron.');
  const task = await session.client.request('task.add', { goal, key: randomUUID(), approve: options.approve ?? 'ask', ...given });
  sayTask(session, task, `t${task.id}`);
}

export async function editTask(session: Session, id: number, { goal, ...options }: Given & { readonly goal?: string }): Promise<void> {
  const given = await readGiven(session, options, await session.client.request('task.show', { task: id }));
  if ([goal, ...Object.values(given)].every((each) => each === undefined))
    throw usageError('Nothing to change was given: `nacre task edit --help` shows what can be.');
  const task = await session.client.request('task.edit', { task: id, goal, ...given });
  sayTask(session, task, row(task), session.texts.taskEdited);
}

function sayTask(session: Session, task: Task, shown: string, now = session.texts.taskAdded): void {
  session.terminal.show({ type: 'task', task }, shown);
  session.terminal.note(task.schedule.type === 'now' ? fill(now, { id: task.id }) : sayScheduled(session, task));
}

export async function listTasks(session: Session): Promise<void> {
  const { tasks } = await session.client.request('task.list', {});
  showAll(session, 'task', tasks, row);
  await sayRest(session, tasks);
}

/** Why what is queued does not begin. */
async function sayRest({ client, terminal, texts }: Session, tasks: readonly Task[]): Promise<void> {
  if (!tasks.some(({ state }) => state === 'queued')) return;
  const { resting } = await client.request('app.state', {});
  if (resting !== null) terminal.note(texts[`rest.${resting}`]);
}

type Verb = 'show' | 'stop' | 'pause' | 'resume' | 'run-now' | 'remove' | 'history';

/** What is done to one task, or asked about it. */
export async function oneTask(session: Session, verb: Verb, id: number): Promise<void> {
  const { client, terminal, texts } = session;
  if (verb === 'history') return showHistory(session, id);
  if (verb === 'remove') {
    await client.request('task.remove', { task: id });
    return terminal.note(fill(texts.taskRemoved, { id }));
  }
  const task = await client.request(`task.${verb}`, { task: id });
  if (verb === 'pause' && !task.paused) throw usageError(fill(texts.notPaused, { id }));
  if (verb === 'show') await showDetails(session, task);
  else terminal.show({ type: 'task', task }, row(task));
  await sayRest(session, [task]);
}

async function showDetails(session: Session, task: Task): Promise<void> {
  const shown = task.run === null ? null : await session.client.request('run.show', { run: task.run });
  const report = shown === null || shown.run.endedAt === null ? null : shown.report;
  session.terminal.show({ type: 'task', task, report }, taskLines(session, task, report).join('\n'));
  if (task.run !== null && (task.waitingFor === 'approval' || task.waitingFor === 'answer')) await listApprovals(session, task.run);
}

/** What became of each time it was due, and what ran without asking. */
async function showHistory({ client, terminal, texts }: Session, id: number): Promise<void> {
  const { firings } = await client.request('task.history', { task: id });
  for (const firing of firings) {
    const until = firing.until === firing.due ? '' : ` – ${wallText(firing.until)}`;
    const times = firing.count === 1 ? '' : ` ×${firing.count ?? '…'}`;
    const run = firing.run === null ? '' : `r${firing.run}`;
    terminal.show({ type: 'firing', firing }, `${wallText(firing.due)}${until}${times}\t${firing.outcome}\t${firing.why}\t${run}`);
  }
  const { calls } = await client.request('task.unasked', { task: id });
  for (const call of calls) terminal.show({ type: 'unasked', call }, `${wallText(call.at)}\tunasked\t${call.tool} ${call.title}\tr${call.run}`);
  if (firings.length + calls.length === 0) terminal.note(texts.none);
}

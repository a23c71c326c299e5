// A task worked on in a house until it ends or stands still: what its model says, how it is added, how its question is answered.
import type { RequestPayload } from '../../electron/contract/request.ts';
import type { Task } from '../../electron/contract/task.ts';
import { createScriptedModel, type ScriptedModel } from '../../electron/models/scripted.ts';
import type { House } from './house.ts';

export type Lines = NonNullable<Parameters<typeof createScriptedModel>[0]['lines']>;

export const script = (...lines: Lines): ScriptedModel => createScriptedModel({ lines });
export const write = (path: string, content = path) => ({ calls: [{ tool: 'write_file', arguments: { path, content } }] });
export const run = (command: string) => ({ calls: [{ tool: 'run_command', arguments: { command } }] });
export const read = (path: string) => ({ calls: [{ tool: 'read_file', arguments: { path } }] });

export async function add(work: House, more: Partial<RequestPayload<'task.add'>> = {}): Promise<Task> {
  const task = work.inbox.addTask({ goal: 'do it', folder: work.folder, ...more });
  await work.worker.untilIdle();
  return work.tasks.get(task.id);
}

/** Of the oldest open question. */
export async function answer(work: House, given: 'once' | 'conversation' | 'deny', reach = {}): Promise<void> {
  work.approvals.answer(work.approvals.open()[0]?.id ?? 0, given, reach);
  work.worker.wake();
  await work.worker.untilIdle();
}

// Work handed over: what was typed of a task is read, a task is added or edited, and a call that asked for one is answered by what the person made of it.
import type { Check } from '../contract/acceptance.ts';
import { FaultError, fault } from '../contract/fault.ts';
import type { ApprovalId, TaskId } from '../contract/id.ts';
import type { RequestPayload } from '../contract/request.ts';
import type { ReadTask, Task, TypedTask } from '../contract/task.ts';
import type { Db } from '../journal/open.ts';
import type { Approvals } from '../runs/approvals.ts';
import type { NewTask, Tasks } from '../runs/tasks/store.ts';
import { readTyped } from '../runs/tasks/typed.ts';
import type { Worker } from '../runs/worker.ts';
import { prepareChecks } from '../tools/checks/check.ts';
import { ToolRefusal } from '../tools/tool.ts';
import type { Threads } from './threads.ts';

export type Handing = {
  addTask(input: RequestPayload<'task.add'>): Task;
  editTask(changes: RequestPayload<'task.edit'>): Task;
  /** Throws a FaultError that says what can't be read. */
  readTask(typed: TypedTask): ReadTask;
  /** What must stay unchanged is looked at now, so that the checks can tell at the end. Rejects with a FaultError where that can't be. */
  prepare<T extends Bounds>(input: T): Promise<T>;
};

export type HandingOptions = {
  readonly db: Db;
  readonly tasks: Tasks;
  readonly approvals: Approvals;
  readonly threads: Threads;
  readonly worker: Worker;
  onTask(task: Task): void;
  /** A question was answered by what the person handed over in its place. */
  onAnswered(approval: ApprovalId): void;
  now(): number;
};

type Bounds = Pick<RequestPayload<'task.add'>, 'checks' | 'folder' | 'conversation'> & { readonly task?: TaskId };

const maxBytes = 4_000_000;

export function createHanding(options: HandingOptions): Handing {
  const { db, tasks, threads, worker } = options;
  const addTask = (input: RequestPayload<'task.add'>): Task => {
    const goal = requireText(input.goal);
    const task = db.commit('message.accept', () => {
      const conversation = input.conversation === undefined ? threads.create('', input.folder ?? null) : threads.get(input.conversation);
      threads.touch(conversation.id, goal, 'person');
      const added = tasks.add({
        conversation: conversation.id,
        goal,
        folder: input.folder ?? conversation.folder,
        model: input.model ?? conversation.model,
        approve: input.approve ?? 'ask',
        key: input.key ?? null,
        parent: null,
        ...boundsOf(input),
      });
      if (input.instead !== undefined) options.approvals.answer(input.instead, 'deny', { said: insteadText(added) });
      return added;
    });
    options.onTask(task);
    if (input.instead !== undefined) options.onAnswered(input.instead);
    worker.wake();
    return task;
  };

  return {
    addTask,
    editTask: ({ task, ...changes }) => {
      const edited = tasks.edit(task, changes);
      options.onTask(edited);
      return edited;
    },
    readTask: (typed) => {
      const read = readTyped(typed, options.now());
      if (!read.ok) throw new FaultError(fault('task.schedule', { reason: read.reason }));
      return read.value;
    },
    prepare: async (input) => {
      if (input.checks === undefined) return input;
      const own = input.task === undefined ? null : tasks.get(input.task);
      const folder = input.folder ?? own?.folder ?? threads.peek(input.conversation ?? 0)?.folder ?? null;
      return { ...input, checks: await preparedChecks(input.checks, folder, own?.checks ?? []) };
    },
  };
}

/** The model learns what became of its call: it was not done as asked, and it need not be done again. */
function insteadText({ id, goal, words }: Task): string {
  return `Not added as asked: the person changed it and added it themselves as task ${id} (${goal}), due: ${words.en}. Do not add it again.`;
}

async function preparedChecks(checks: readonly Check[], folder: string | null, before: readonly Check[]): Promise<Check[]> {
  try {
    return await prepareChecks(checks, folder, before);
  } catch (error) {
    if (error instanceof ToolRefusal) throw new FaultError(fault('task.schedule', { reason: error.message }));
    throw error;
  }
}

/** Now, with nothing to show and nothing allowed, where nothing else was said. */
function boundsOf({
  schedule,
  missed,
  checks,
  grants,
  budget,
}: RequestPayload<'task.add'>): Pick<NewTask, 'schedule' | 'missed' | 'checks' | 'grants' | 'budget'> {
  return { schedule: schedule ?? { type: 'now' }, missed: missed ?? { type: 'once' }, checks: checks ?? [], grants: grants ?? [], budget: budget ?? {} };
}

/** Kept exactly, but for lone surrogates: they become U+FFFD, because they are no text. */
export function requireText(text: string): string {
  if (text.trim() === '') throw new FaultError(fault('conversation.empty-message'));
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw new FaultError(fault('conversation.message-too-long', { bytes, limit: maxBytes }));
  return text.toWellFormed();
}

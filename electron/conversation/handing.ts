// Work handed over: what was typed of a task is read, a task is added or edited, and a call that asked for one is answered by what the person made of it.
import type { Check } from '../contract/acceptance.ts';
import type { Conversation } from '../contract/conversation.ts';
import { FaultError, fault } from '../contract/fault.ts';
import type { ApprovalId, ConversationId, TaskId } from '../contract/id.ts';
import type { RequestPayload } from '../contract/request.ts';
import type { ReadTask, Task, TypedTask } from '../contract/task.ts';
import type { Books } from '../runs/books.ts';
import type { NewTask } from '../runs/tasks/store.ts';
import type { Worker } from '../runs/worker.ts';
import { readTyped } from '../schedule/typed.ts';
import { prepareChecks } from '../tools/checks/check.ts';
import { refuseGrant } from '../tools/grants.ts';
import { type Tool, ToolRefusal } from '../tools/tool.ts';
import type { Threads } from './threads.ts';

export type HandingOptions = Books & {
  readonly tools: readonly Pick<Tool, 'name' | 'patterns'>[];
  readonly threads: Threads;
  readonly worker: Worker;
  onTask(task: Task): void;
  /** A question was answered by what the person handed over in its place. */
  onAnswered(approval: ApprovalId): void;
};

type Bounds = Pick<RequestPayload<'task.edit'>, 'checks' | 'folder'> & { readonly task?: TaskId; readonly conversation?: ConversationId | undefined };

const maxBytes = 4_000_000;

export function createHanding(options: HandingOptions) {
  const { db, tasks, threads, worker } = options;
  /** Inside a commit: a grant that can't mean anything undoes it. */
  const requireGrants = (task: Task): Task => {
    const refused = task.grants.flatMap((grant) => refuseGrant(grant, options.tools, task.folder) ?? []).at(0);
    if (refused !== undefined) throw new FaultError(refused);
    return task;
  };
  const addTask = (input: RequestPayload<'task.add'>): Task => {
    const goal = requireText(input.goal);
    const task = db.commit('message.accept', () => {
      const conversation = input.conversation === undefined ? threads.create('', input.folder ?? null) : threads.get(input.conversation);
      threads.touch(conversation.id, goal, 'person');
      const added = tasks.add(newTask(input, conversation, goal));
      requireGrants(added);
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
    editTask: ({ task, ...changes }: RequestPayload<'task.edit'>): Task => {
      const edited = db.commit('task.edit', () => {
        const before = tasks.get(task);
        const after = requireGrants(tasks.edit(task, { ...changes, goal: changes.goal === undefined ? undefined : requireText(changes.goal) }));
        if (definitionOf(before) !== definitionOf(after)) options.permissions.forget(task);
        return after;
      });
      options.onTask(edited);
      return edited;
    },
    /** Throws a FaultError that says what can't be read. */
    readTask: (typed: TypedTask): ReadTask => {
      const read = readTyped(typed, options.now());
      if (!read.ok) throw new FaultError(read.fault);
      return read.value;
    },
    /** What must stay unchanged is looked at now, so that the checks can tell at the end. Rejects with a FaultError where that can't be. */
    prepare: async <T extends Bounds>(input: T): Promise<T> => {
      const own = input.task === undefined ? null : tasks.get(input.task);
      const folder = input.folder ?? own?.folder ?? threads.peek(input.conversation ?? 0)?.folder ?? null;
      // What must stay unchanged in another folder is looked at there.
      const stays = own === null || own.folder === folder;
      const checks = input.checks ?? (stays ? undefined : own.checks.map((check) => (check.type === 'unchanged' ? { ...check, was: undefined } : check)));
      return checks === undefined ? input : { ...input, checks: await preparedChecks(checks, folder, stays ? (own?.checks ?? []) : []) };
    },
  };
}

/** What a standing answer was given to. */
function definitionOf({ goal, folder, checks }: Task): string {
  return JSON.stringify([goal, folder, checks]);
}

/** The model learns what became of its call: it was not done as asked, and it need not be done again. */
function insteadText({ id, goal, words }: Task): string {
  return `Not added as asked: the person changed it and added it themselves as task ${id} (${goal}), due: ${words.en}. Do not add it again.`;
}

async function preparedChecks(checks: readonly Check[], folder: string | null, before: readonly Check[]): Promise<Check[]> {
  try {
    return await prepareChecks(checks, folder, before);
  } catch (error) {
    if (error instanceof ToolRefusal) throw new FaultError(error.fault);
    throw error;
  }
}

/** Now, with nothing to show and nothing allowed, where nothing else was said. */
function newTask(input: RequestPayload<'task.add'>, conversation: Conversation, goal: string): NewTask {
  return {
    conversation: conversation.id,
    goal,
    folder: input.folder ?? conversation.folder,
    model: input.model ?? conversation.model,
    approve: input.approve ?? 'ask',
    key: input.key ?? null,
    parent: null,
    schedule: input.schedule ?? { type: 'now' },
    missed: input.missed ?? { type: 'once' },
    checks: input.checks ?? [],
    grants: input.grants ?? [],
    budget: input.budget ?? {},
  };
}

/** Kept exactly, but for lone surrogates: they become U+FFFD, because they are no text. */
export function requireText(text: string): string {
  if (text.trim() === '') throw new FaultError(fault('conversation.empty-message'));
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw new FaultError(fault('conversation.message-too-long', { bytes, limit: maxBytes }));
  return text.toWellFormed();
}

// The one door: a message is on disk before anything else happens. It begins a turn, joins the one that is running, or becomes a task.

import type { Check } from '../contract/acceptance.ts';
import type { Conversation } from '../contract/conversation.ts';
import { FaultError, fault } from '../contract/fault.ts';
import type { ConversationId, EntryId, RunId, TaskId } from '../contract/id.ts';
import type { RequestPayload } from '../contract/request.ts';
import type { Task } from '../contract/task.ts';
import type { Db } from '../journal/open.ts';
import type { Approvals } from '../runs/approvals.ts';
import type { Permissions } from '../runs/permissions.ts';
import type { Run, RunStore } from '../runs/store.ts';
import type { NewTask, Tasks } from '../runs/tasks/store.ts';
import type { Worker } from '../runs/worker.ts';
import { prepareChecks } from '../tools/checks/check.ts';
import { refuseGrant } from '../tools/grants.ts';
import { type Tool, ToolRefusal } from '../tools/tool.ts';
import type { Threads } from './threads.ts';

export type Accepted = { readonly message: EntryId; readonly run: RunId; readonly task: TaskId | null };

export type Inbox = {
  post(message: RequestPayload<'conversation.post'>): Promise<Accepted>;
  /** Asks again for the answer of a run that has ended. */
  retry(run: RunId): Promise<Accepted>;
  addTask(input: RequestPayload<'task.add'>): Task;
  editTask(changes: RequestPayload<'task.edit'>): Task;
  /** What must stay unchanged is looked at now, so that the checks can tell at the end. Rejects with a FaultError where that can't be. */
  prepare<T extends Checked>(input: T): Promise<T>;
};

type Checked = Pick<RequestPayload<'task.edit'>, 'checks' | 'folder'> & { readonly task?: TaskId; readonly conversation?: ConversationId | undefined };

export type InboxOptions = {
  readonly db: Db;
  readonly runs: RunStore;
  readonly tasks: Tasks;
  readonly approvals: Approvals;
  readonly permissions: Permissions;
  readonly tools: readonly Pick<Tool, 'name' | 'patterns'>[];
  readonly threads: Threads;
  readonly worker: Worker;
  /** A message was accepted, or runs left the thread: what is shown of the run and its conversation has changed. */
  onAccepted(run: RunId): void;
  onReplaced(conversation: ConversationId, runs: readonly Run[]): void;
  onTask(task: Task): void;
};

const maxBytes = 4_000_000;

export function createInbox(options: InboxOptions): Inbox {
  const { db, runs, tasks, threads, worker } = options;

  const accept = (run: RunId, message: EntryId, task: TaskId | null): Accepted => {
    options.onAccepted(run);
    worker.wake();
    return { message, run, task };
  };

  /** Inside a commit: a grant that can't mean anything undoes it. */
  const requireGrants = (task: Task): Task => {
    const reason = task.grants.flatMap((grant) => refuseGrant(grant, options.tools, task.folder) ?? []).at(0);
    if (reason !== undefined) throw new FaultError(fault('grant.refused', { reason }));
    return task;
  };

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
      return requireGrants(added);
    });
    options.onTask(task);
    worker.wake();
    return task;
  };

  const post = async (message: RequestPayload<'conversation.post'>): Promise<Accepted> => {
    const conversation = threads.get(message.conversation);
    const text = requireText(message.text);
    const known = message.key === undefined ? null : acceptedBefore(options, message.conversation, message.key);
    if (known !== null) return known;
    if (message.background === true) {
      const task = addTask({ goal: text, conversation: conversation.id, model: message.model, approve: message.approve, key: message.key });
      const run = runs.get(task.run ?? 0);
      return { message: run.openedBy, run: run.id, task: task.id };
    }
    const open = runs.openTurn(conversation.id);
    if (message.replaces !== undefined && open !== null) await worker.stop(open.id);
    else if (open !== null) return accept(open.id, join(options, open, text, conversation.folder, message.key ?? null), null);
    const created = createTurn(options, conversation, message, text);
    return accept(created.run.id, created.message, null);
  };

  return {
    post,
    addTask,
    editTask: ({ task, ...changes }) => {
      const edited = db.commit('task.edit', () => {
        const before = tasks.get(task);
        const after = requireGrants(tasks.edit(task, { ...changes, goal: changes.goal === undefined ? undefined : requireText(changes.goal) }));
        if (definitionOf(before) !== definitionOf(after)) options.permissions.forget(task);
        return after;
      });
      options.onTask(edited);
      return edited;
    },
    prepare: async (input) => {
      const own = input.task === undefined ? null : tasks.get(input.task);
      const folder = input.folder ?? own?.folder ?? threads.peek(input.conversation ?? 0)?.folder ?? null;
      // What must stay unchanged in another folder is looked at there.
      const stays = own === null || own.folder === folder;
      const checks = input.checks ?? (stays ? undefined : own.checks.map((check) => (check.type === 'unchanged' ? { ...check, was: undefined } : check)));
      return checks === undefined ? input : { ...input, checks: await preparedChecks(checks, folder, stays ? (own?.checks ?? []) : []) };
    },
    retry: async (id) => {
      const run = runs.get(id);
      const text = runs.entries
        .of(id)
        .flatMap(({ body }) => (body.type === 'message' ? [body.text] : []))
        .join('\n\n');
      const again = { conversation: run.conversation, text, approve: run.approve, ...(run.model === null ? {} : { model: run.model }) };
      return run.kind === 'task' ? post({ ...again, background: true }) : post({ ...again, replaces: id });
    },
  };
}

/** A turn of its own. Where it replaces an earlier one, that one and all later turns leave the thread. */
function createTurn(
  options: InboxOptions,
  conversation: Conversation,
  message: RequestPayload<'conversation.post'>,
  text: string,
): ReturnType<RunStore['create']> {
  const { db, runs, threads } = options;
  const { id, folder } = conversation;
  const from = message.replaces;
  const leaving = from === undefined ? [] : runs.ofConversation(id).filter((run) => run.kind === 'turn' && run.id >= from);
  const replaces = from !== undefined && leaving.some((run) => run.id === from) ? from : null;
  const created = db.commit('message.accept', () => {
    threads.touch(id, text, 'person');
    if (from !== undefined) threads.markReplaced(id, from);
    const [model, approve, key] = [message.model ?? null, message.approve ?? 'ask', message.key ?? null];
    return runs.create({ conversation: id, kind: 'turn', task: null, lane: 'chat', text, folder, model, approve, replaces, key });
  });
  if (leaving.length > 0) options.onReplaced(id, leaving);
  return created;
}

/** While a turn is open a message joins it. A question that waits for an answer is moot then: the model reads the message first. */
function join({ db, runs, approvals, threads, worker }: InboxOptions, open: Run, text: string, folder: string | null, key: string | null): EntryId {
  const entry = db.commit('message.accept', () => {
    threads.touch(open.conversation, text, 'person');
    const joined = runs.join(open.id, text, folder, key);
    approvals.withdraw(open.id);
    if (open.state === 'waiting') runs.change(open.id, 'waiting', { to: 'queued' });
    return joined;
  });
  worker.joined(entry);
  return entry.id;
}

function acceptedBefore({ runs, tasks }: InboxOptions, conversation: ConversationId, key: string): Accepted | null {
  const run = runs.byKey(key);
  if (run !== null) return { message: run.openedBy, run: run.id, task: tasks.ofRun(run.id)?.id ?? null };
  const open = runs.openTurn(conversation);
  const joined = open === null ? undefined : runs.entries.of(open.id).find(({ body }) => body.type === 'message' && body.key === key);
  return joined === undefined ? null : { message: joined.id, run: joined.run, task: null };
}

/** What a standing answer was given to. */
function definitionOf({ goal, folder, checks }: Task): string {
  return JSON.stringify([goal, folder, checks]);
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
function requireText(text: string): string {
  if (text.trim() === '') throw new FaultError(fault('conversation.empty-message'));
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw new FaultError(fault('conversation.message-too-long', { bytes, limit: maxBytes }));
  return text.toWellFormed();
}

// The contract's first table, answered: one line a request. What a request means is decided further down the house, not here.
import type { Conversation } from '../contract/conversation.ts';
import type { Listener } from '../contract/event.ts';
import { type Fault, FaultError, fault } from '../contract/fault.ts';
import type { ConversationId, TaskId } from '../contract/id.ts';
import type { Handlers, RequestOutput } from '../contract/request.ts';
import type { Rest } from '../contract/run.ts';
import type { Task } from '../contract/task.ts';
import type { Feed } from '../conversation/feed.ts';
import type { Inbox } from '../conversation/inbox.ts';
import type { Items } from '../conversation/items.ts';
import type { Reports } from '../conversation/report.ts';
import { search } from '../conversation/search.ts';
import type { Threads } from '../conversation/threads.ts';
import type { Dialogs } from '../desktop/dialogs.ts';
import type { Memory } from '../memory/memory.ts';
import type { Models } from '../models/models.ts';
import type { Books } from '../runs/books.ts';
import { replay } from '../runs/replay.ts';
import type { Clock } from '../runs/tasks/clock.ts';
import type { Worker } from '../runs/worker.ts';
import type { SettingsFile } from '../settings.ts';

/** What works on messages and tasks. */
export type Workings = Books & {
  readonly threads: Threads;
  readonly items: Items;
  readonly reports: Reports;
  readonly inbox: Inbox;
  readonly worker: Worker;
  readonly clock: Clock;
  readonly feed: Feed;
  readonly memory: Memory;
};

export type Parts = Workings & {
  readonly models: Models;
  readonly settings: SettingsFile;
  readonly desktop: Dialogs | null;
  readonly app: Pick<RequestOutput<'app.state'>, 'version' | 'host' | 'platform' | 'data' | 'locale'>;
  readonly notices: readonly Fault[];
  resting(): Rest | null;
  doctor(): Promise<RequestOutput<'app.doctor'>>;
  announce: Listener;
};

export function createHandlers(parts: Parts): Handlers {
  return {
    ...appHandlers(parts),
    ...conversationHandlers(parts),
    ...runHandlers(parts),
    ...modelHandlers(parts),
    ...memoryHandlers(parts),
    ...desktopHandlers(parts.desktop),
  };
}

type Some<P extends string> = Pick<Handlers, Extract<keyof Handlers, `${P}.${string}`>>;

function appHandlers({ app, settings, models, notices, resting, doctor, announce }: Parts): Some<'app' | 'settings'> {
  return {
    'app.state': () => ({ ...app, settings: settings.current(), models: [...models.list()], notices: [...notices], resting: resting() }),
    'app.doctor': doctor,
    'settings.change': (patch) => {
      const changed = settings.change(patch);
      announce({ type: 'settings.changed', settings: changed });
      return changed;
    },
  };
}

function conversationHandlers({ db, runs, threads, items, inbox, worker, feed, announce }: Parts): Some<'conversation'> {
  const shown = (conversation: Conversation): Conversation => {
    announce({ type: 'conversation.changed', conversation });
    return conversation;
  };
  const stopRuns = async (conversation: ConversationId): Promise<void> => {
    const open = runs.ofConversation(conversation).filter(({ endedAt }) => endedAt === null);
    await Promise.all(open.map(({ id }) => worker.stop(id)));
  };
  return {
    'conversation.list': () => ({ conversations: threads.list() }),
    'conversation.create': ({ title, folder }) => shown(threads.create(title ?? '', folder ?? null)),
    'conversation.rename': ({ conversation, title }) => shown(threads.rename(conversation, title)),
    'conversation.set-folder': ({ conversation, folder }) => shown(threads.setFolder(conversation, folder)),
    'conversation.set-model': ({ conversation, model }) => shown(threads.setModel(conversation, model)),
    'conversation.remove': async ({ conversation }) => {
      await stopRuns(conversation);
      threads.remove(conversation);
      announce({ type: 'conversation.removed', conversation });
    },
    'conversation.restore': ({ conversation }) => shown(threads.restore(conversation)),
    'conversation.search': ({ query }) => ({ hits: search(db, query) }),
    'conversation.thread': ({ conversation, before, limit }) => items.page(threads.get(conversation).id, before, limit),
    'conversation.keep': ({ conversation, ...kept }) => {
      threads.keep(conversation, kept);
      if (kept.readTo !== undefined) feed.conversationChanged(conversation);
    },
    'conversation.post': (message) => inbox.post(message),
    'conversation.retry': ({ run }) => inbox.retry(run),
  };
}

function runHandlers(parts: Parts): Some<'run' | 'approval' | 'grant' | 'task'> {
  const { runs, tasks, firings, approvals, permissions, items, reports, inbox, worker, clock, feed } = parts;
  /** Stops what works on it now; a schedule goes on unless it is paused or removed. */
  const stopTask = async (id: TaskId): Promise<Task> => {
    const { run } = tasks.get(id);
    if (run !== null) await worker.stop(run);
    return tasks.get(id);
  };
  return {
    'run.stop': async ({ run }) => items.view((await worker.stop(run)).id),
    'run.view': ({ run }) => items.view(run),
    'run.show': ({ run: id }) => {
      const [run, entries] = [runs.get(id), runs.entries.of(id)];
      return { run: items.view(id), entries, report: run.task === null ? null : reports.of(run, entries) };
    },
    'run.diff': ({ run, path }) => reports.diff(runs.get(run).id, path),
    'run.replay': ({ run }) => replay(runs.get(run), runs.entries.of(run), approvals.ofRun(run)),
    'approval.list': () => ({ approvals: approvals.open() }),
    'approval.answer': ({ approval, answer, ...reach }) => {
      const answered = approvals.answer(approval, answer, reach);
      feed.answered(answered.id);
      worker.wake();
      return answered;
    },
    'grant.list': () => ({ grants: permissions.list() }),
    'grant.revoke': ({ grant }) => permissions.revoke(grant),
    'task.add': async (input) => inbox.addTask(await inbox.prepare(input)),
    'task.read': (typed) => inbox.readTask(typed),
    'task.edit': async (changes) => inbox.editTask(await inbox.prepare(changes)),
    'task.unasked': ({ task }) => ({ calls: reports.unasked(tasks.get(task).id) }),
    'task.list': () => ({ tasks: tasks.list() }),
    'task.show': ({ task }) => tasks.get(task),
    'task.history': ({ task }) => ({ firings: firings.history(task) }),
    'task.pause': ({ task }) => clock.pause(task),
    'task.resume': ({ task }) => clock.resume(task),
    'task.run-now': ({ task }) => clock.runNow(task),
    'task.remove': async ({ task }) => {
      const removed = await stopTask(task);
      clock.remove(task);
      feed.taskRemoved(removed);
    },
    'task.stop': ({ task }) => stopTask(task),
  };
}

function modelHandlers({ models }: Parts): Some<'model'> {
  return {
    'model.list': () => ({ models: [...models.list()] }),
    'model.import': ({ source, name }) => models.importFrom(source, name),
    'model.stop-download': ({ download }) => models.stopDownload(download),
    'model.add-remote': (input) => models.addRemote(input),
    'model.use': ({ model }) => models.use(model),
    'model.remove': ({ model }) => models.remove(model),
  };
}

function memoryHandlers({ memory }: Parts): Some<'memory'> {
  return {
    'memory.look': (wanted) => memory.page(wanted),
    'memory.rewrite': (written) => {
      memory.rewrite(written);
      return {};
    },
    'memory.import': ({ file, name }) => memory.importFile(file, name),
    'memory.search': async ({ name, ...question }) => ({ hits: [...(await memory.search(question, memory.space(name)))] }),
    'memory.list': ({ name, ...query }) => ({ items: memory.list(memory.space(name), query) }),
    'memory.show': ({ source, name }) => ({ items: memory.show(memory.space(name), source) }),
    'memory.forget': ({ sources, name }) => memory.forget(sources, memory.space(name)),
    'memory.undo': ({ name, change }) => memory.undo(memory.space(name), change),
  };
}

function desktopHandlers(desktop: Dialogs | null): Some<'dialog' | 'link'> {
  const here = (): Dialogs => {
    if (desktop === null) throw new FaultError(fault('app.not-here'));
    return desktop;
  };
  return {
    'dialog.folder': async () => ({ path: await here().folder() }),
    'dialog.model-file': async () => ({ path: await here().modelFile() }),
    'link.open': ({ url }) => here().openLink(url),
  };
}

// The contract's first table, answered: one line a request. What a request means is decided further down the house, not here.
import type { Conversation } from '../contract/conversation.ts';
import type { Listener } from '../contract/event.ts';
import { type Fault, FaultError, fault } from '../contract/fault.ts';
import type { ConversationId, TaskId } from '../contract/id.ts';
import type { Handlers, RequestOutput } from '../contract/request.ts';
import type { Task } from '../contract/task.ts';
import type { Feed } from '../conversation/feed.ts';
import type { Inbox } from '../conversation/inbox.ts';
import type { Items } from '../conversation/items.ts';
import { search } from '../conversation/search.ts';
import type { Threads } from '../conversation/threads.ts';
import type { Dialogs } from '../desktop/dialogs.ts';
import type { Db } from '../journal/open.ts';
import type { Models } from '../models/models.ts';
import type { Approvals } from '../runs/approvals.ts';
import type { RunStore } from '../runs/store.ts';
import type { Clock } from '../runs/tasks/clock.ts';
import type { Firings } from '../runs/tasks/firings.ts';
import type { Tasks } from '../runs/tasks/store.ts';
import type { Worker } from '../runs/worker.ts';
import type { SettingsFile } from '../settings.ts';

/** What works on messages and tasks. */
export type Workings = {
  readonly runs: RunStore;
  readonly tasks: Tasks;
  readonly firings: Firings;
  readonly approvals: Approvals;
  readonly threads: Threads;
  readonly items: Items;
  readonly inbox: Inbox;
  readonly worker: Worker;
  readonly clock: Clock;
  readonly feed: Feed;
};

export type Parts = Workings & {
  readonly db: Db;
  readonly models: Models;
  readonly settings: SettingsFile;
  readonly desktop: Dialogs | null;
  readonly app: Pick<RequestOutput<'app.state'>, 'version' | 'host' | 'platform' | 'data' | 'locale'>;
  readonly notices: readonly Fault[];
  doctor(): Promise<RequestOutput<'app.doctor'>>;
  announce: Listener;
};

export function createHandlers(parts: Parts): Handlers {
  return { ...appHandlers(parts), ...conversationHandlers(parts), ...runHandlers(parts), ...modelHandlers(parts), ...desktopHandlers(parts.desktop) };
}

type Some<P extends string> = Pick<Handlers, Extract<keyof Handlers, `${P}.${string}`>>;

function appHandlers({ app, settings, models, notices, worker, doctor, announce }: Parts): Some<'app' | 'settings'> {
  return {
    'app.state': () => ({ ...app, settings: settings.current(), models: [...models.list()], notices: [...notices] }),
    'app.stop': async () => ({ stopped: await worker.stopAll() }),
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
      return {};
    },
    'conversation.restore': ({ conversation }) => shown(threads.restore(conversation)),
    'conversation.search': ({ query }) => ({ hits: search(db, query) }),
    'conversation.thread': ({ conversation, before, limit }) => items.page(threads.get(conversation).id, before, limit),
    'conversation.keep': ({ conversation, ...kept }) => {
      threads.keep(conversation, kept);
      if (kept.readTo !== undefined) feed.conversationChanged(conversation);
      return {};
    },
    'conversation.post': (message) => inbox.post(message),
    'conversation.retry': ({ run }) => inbox.retry(run),
  };
}

function runHandlers({ runs, tasks, firings, approvals, items, inbox, worker, clock, feed }: Parts): Some<'run' | 'approval' | 'task'> {
  /** Stops what works on it now; a schedule goes on unless it is paused or removed. */
  const stopTask = async (id: TaskId): Promise<Task> => {
    const { run } = tasks.get(id);
    if (run !== null) await worker.stop(run);
    return tasks.get(id);
  };
  return {
    'run.stop': async ({ run }) => items.view((await worker.stop(run)).id),
    'run.view': ({ run }) => items.view(run),
    'run.show': ({ run }) => ({ run: items.view(run), entries: runs.entries.of(run) }),
    'approval.list': () => ({ approvals: approvals.open() }),
    'approval.answer': ({ approval, answer }) => {
      const answered = approvals.answer(approval, answer);
      feed.answered(answered.id);
      worker.wake();
      return answered;
    },
    'task.add': (input) => inbox.addTask(input),
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
      return {};
    },
    'task.stop': ({ task }) => stopTask(task),
  };
}

function modelHandlers({ models }: Parts): Some<'model'> {
  return {
    'model.list': () => ({ models: [...models.list()] }),
    'model.import': ({ source, name }) => models.importFrom(source, name),
    'model.stop-download': ({ download }) => {
      models.stopDownload(download);
      return {};
    },
    'model.add-remote': (input) => models.addRemote(input),
    'model.use': ({ model }) => models.use(model),
    'model.remove': async ({ model }) => {
      await models.remove(model);
      return {};
    },
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
    'link.open': async ({ url }) => {
      await here().openLink(url);
      return {};
    },
  };
}

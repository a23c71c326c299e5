// The working heart, put together: journal, runs, conversations. Part of compose, apart so that tests can have it without models and settings.

import { titleOf } from './agent/call.ts';
import { describedPlanTool } from './agent/plan/tool.ts';
import { systemPrompt } from './agent/prompt.ts';
import { describedRecallTool } from './agent/view/recall.ts';
import type { Listener } from './contract/event.ts';
import type { PromptTier } from './contract/model.ts';
import { createFeed } from './conversation/feed.ts';
import { createInbox } from './conversation/inbox.ts';
import { createItems } from './conversation/items.ts';
import { createThreads } from './conversation/threads.ts';
import type { Workings } from './ipc/handlers.ts';
import type { Db } from './journal/open.ts';
import type { Log } from './log.ts';
import type { Model, ModelRequest } from './models/model.ts';
import { createApprovals } from './runs/approvals.ts';
import { createRunStore, type Run } from './runs/store.ts';
import { createClock } from './runs/tasks/clock.ts';
import { createFirings } from './runs/tasks/firings.ts';
import { createTasks } from './runs/tasks/store.ts';
import { describedTaskTools } from './runs/tasks/tools.ts';
import { createWorker, type WorkerOptions } from './runs/worker.ts';
import type { Tool } from './tools/tool.ts';
import { createToolbox } from './tools/toolbox.ts';

export type WorkOptions = {
  readonly db: Db;
  readonly log: Log;
  readonly tools: readonly Tool[];
  /** Large outputs of runs are kept below this folder. */
  readonly scratch: string;
  now(): number;
  openModel(run: Run): Promise<Model>;
  /** See Executor. */
  readonly recalled?: WorkerOptions['recalled'];
  announce: Listener;
  /** The language in which the person is asked. */
  language(): 'en' | 'zh';
};

export type Work = Workings & {
  /** What stands before every conversation with such a model; a local one can read it ahead of the first message. */
  prefix(tier: PromptTier): Pick<ModelRequest, 'system' | 'tools'>;
};

/** Nothing works before `worker.start()`. */
export function composeWork(options: WorkOptions): Work {
  const { db, log, now, announce, scratch } = options;
  const runs = createRunStore(db, now);
  const tasks = createTasks(db, runs, now);
  const firings = createFirings({ db, runs, tasks, now });
  const approvals = createApprovals(db, runs, now);
  const threads = createThreads(db, now);
  const toolbox = createToolbox([...options.tools, ...describedTaskTools]);
  const titles = createToolbox([...options.tools, ...describedTaskTools, describedPlanTool, describedRecallTool]);
  const items = createItems(runs, tasks, approvals, (call) => titleOf(titles, call));
  const feed = createFeed({ runs, tasks, approvals, threads, items, announce, now });
  const worker = createWorker({
    db,
    runs,
    tasks,
    approvals,
    tools: options.tools,
    scratch,
    now,
    log,
    openModel: options.openModel,
    ...(options.recalled === undefined ? {} : { recalled: options.recalled }),
    onEvent: feed.happened,
    onChange: (run) => {
      feed.changed(run);
      clock.ended(run);
    },
    onTrouble: (fault) => announce({ type: 'app.noticed', fault }),
    language: options.language,
    taskAdded: (task) => {
      clock.added(task);
      worker.wake();
    },
  });
  const clock = createClock({ tasks, firings, log, now, onRuns: (begun) => begun.length > 0 && worker.wake(), onTask: feed.taskChanged });
  const inbox = createInbox({ db, runs, tasks, approvals, threads, worker, onAccepted: feed.accepted, onReplaced: feed.replaced, onTask: clock.added });
  const prefix: Work['prefix'] = (tier) => ({ system: systemPrompt(tier, 'turn'), tools: toolbox.specs() });
  return { runs, tasks, firings, approvals, threads, items, feed, worker, clock, inbox, prefix };
}

// The working heart, put together: journal, runs, conversations. Part of compose, apart so that tests can have it without models and settings.

import { describedPlanTool } from './agent/plan/tool.ts';
import { systemPrompt } from './agent/prompt.ts';
import { describedRecallTool } from './agent/view/recall.ts';
import type { Listener } from './contract/event.ts';
import type { Fault } from './contract/fault.ts';
import type { PromptTier } from './contract/model.ts';
import type { Rest } from './contract/run.ts';
import { createFeed } from './conversation/feed.ts';
import { createInbox } from './conversation/inbox.ts';
import { createItems } from './conversation/items.ts';
import { createReports } from './conversation/report.ts';
import { createThreads } from './conversation/threads.ts';
import type { Workings } from './ipc/handlers.ts';
import type { Db } from './journal/open.ts';
import type { Log } from './log.ts';
import { createMemory, type Memory } from './memory/memory.ts';
import { memoryTool } from './memory/tools.ts';
import type { Model, ModelRequest } from './models/model.ts';
import type { Room } from './runs/admission.ts';
import { type Books, openBooks } from './runs/books.ts';
import { viewBegins } from './runs/history.ts';
import type { Run, RunStore } from './runs/store.ts';
import { createClock } from './runs/tasks/clock.ts';
import { createWorker, type WorkerOptions } from './runs/worker.ts';
import { describedScheduledTools, type ScheduledParts, scheduledTools } from './schedule/standing/tools.ts';
import { describedTaskTools } from './schedule/tools.ts';
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
  /** Which model a run would have, and how many it can hold beside chat; two of any kind where it is left out. */
  readonly roomFor?: (run: Run) => Room | null;
  /** Why work in the background waits at the moment; never, where it is left out. */
  readonly resting?: () => Rest | null;
  announce: Listener;
  /** The language in which the person is asked. */
  language(): 'en' | 'zh';
};

export type Work = Workings & {
  /** What stands before every conversation with such a model; a local one can read it ahead of the first message. */
  prefix(tier: PromptTier): Pick<ModelRequest, 'system' | 'tools'>;
};

/** Tokens of what is recalled before a turn, at most. */
const recallTokens = 400;

/** Nothing works before `worker.start()`. */
export function composeWork(options: WorkOptions): Work {
  const { db, log, now, announce, scratch } = options;
  const known = [...options.tools, ...describedTaskTools];
  const every = [...known, ...describedScheduledTools];
  const books = openBooks({ db, tools: every, now });
  const { runs } = books;
  const threads = createThreads(db, now);
  const onTrouble = (fault: Fault): void => announce({ type: 'app.noticed', fault });
  const memory = createMemory({ db, log, now, onNotice: onTrouble });
  const toolbox = createToolbox([...known, memoryTool({ memory, now, source: () => null })]);
  const described = createToolbox([...every, memoryTool({ memory, now, source: () => null }), describedPlanTool, describedRecallTool]);
  const reports = createReports({ runs, scratch, toolbox: described });
  const items = createItems({ ...books, reports, toolbox: described });
  const feed = createFeed({ ...books, threads, items, announce, language: options.language });
  const worker = createWorker({
    ...books,
    tools: options.tools,
    ...remembering(memory, options, runs),
    // Tasks have a plan in place of memory's tool: a prompt has room for so many.
    toolsOf: ({ id, kind }, tier) => [
      ...(kind === 'turn' ? [memoryTool({ memory, now, source: () => runs.entries.last(id, 'message')?.id ?? null })] : []),
      ...(tier === 'starter' ? scheduledTools(standingIn(books.tasks, () => clock, options)) : []),
    ],
    scratch,
    log,
    openModel: options.openModel,
    roomFor: options.roomFor ?? (() => ({ model: 'any', runs: 2 })),
    resting: options.resting ?? (() => null),
    onEvent: feed.happened,
    onChange: feed.changed,
    follow: ({ task }) => (task === null ? [] : books.firings.follow(task)),
    onBegun: (begun) => clock.begun(begun),
    onTrouble,
    language: options.language,
    taskAdded: (task) => {
      clock.added(task);
      worker.wake();
    },
  });
  const clock = createClock({
    ...books,
    log,
    onRuns: (begun) => begun.length > 0 && worker.wake(),
    onTask: feed.taskChanged,
    onNotice: onTrouble,
  });
  const doors = { onAccepted: feed.accepted, onReplaced: feed.replaced, onTask: clock.added, onAnswered: feed.answered };
  const inbox = createInbox({ ...books, tools: every, threads, worker, ...doors });
  const prefix: Work['prefix'] = (tier) => ({ system: systemPrompt(tier, 'turn', memory.profile.text()), tools: toolbox.specs() });
  return { ...books, threads, items, reports, feed, worker, clock, inbox, memory, prefix };
}

/** What is scheduled, for a model that has no other way to it. */
function standingIn(tasks: Books['tasks'], clock: () => ReturnType<typeof createClock>, { now, language }: WorkOptions): ScheduledParts {
  const change: ScheduledParts['change'] = (task, schedule) => void (schedule === null ? clock().remove(task) : clock().added(tasks.edit(task, { schedule })));
  const standing = () => tasks.list().filter(({ next }) => next.length > 0);
  return { tasks: () => standing().reverse(), change, now, language };
}

/** What memory gives to a run. */
function remembering(memory: Memory, { log }: WorkOptions, runs: RunStore): Pick<WorkerOptions, 'recalled' | 'profile'> {
  return {
    recalled: ({ conversation }, text) => {
      try {
        return memory.recallFor(text, recallTokens, { conversation, from: viewBegins(runs, conversation) }) ?? '';
      } catch (error) {
        // A turn is answered without it; where the person or the model asks for it, the fault is told.
        log.error('memory.recall', error);
        return '';
      }
    },
    profile: memory.profile.text,
  };
}

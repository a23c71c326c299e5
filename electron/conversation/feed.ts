// Tells the window and the command line what happens: from what the runs report to the events of the contract. Nobody is steered by it.
import type { LoopEvent } from '../agent/seam.ts';
import type { Event, Listener } from '../contract/event.ts';
import type { ConversationId, RunId, TaskId } from '../contract/id.ts';
import type { Task } from '../contract/task.ts';
import type { Approvals } from '../runs/approvals.ts';
import type { Run, RunStore } from '../runs/store.ts';
import type { Tasks } from '../runs/tasks/store.ts';
import { isEnded } from '../runs/transitions.ts';
import type { Items } from './items.ts';
import type { Threads } from './threads.ts';

export type Feed = {
  /** Something inside a running run; its state is the same. */
  happened(run: Run, event: LoopEvent): void;
  changed(run: Run): void;
  /** A message was accepted for this run. */
  accepted(run: RunId): void;
  replaced(conversation: ConversationId, runs: readonly Run[]): void;
  answered(approval: number): void;
  taskChanged(task: Task): void;
  taskRemoved(task: Task): void;
  conversationChanged(id: ConversationId): void;
};

export type FeedOptions = {
  readonly runs: RunStore;
  readonly tasks: Tasks;
  readonly approvals: Approvals;
  readonly threads: Threads;
  readonly items: Items;
  readonly announce: Listener;
  now(): number;
};

/** A card is redrawn at most this often while its task runs, in milliseconds. */
const cardEvery = 200;

export function createFeed({ runs, tasks, approvals, threads, items, announce, now }: FeedOptions): Feed {
  const ofRun = createOrigin(tasks);
  const cards = createCards({ tasks, announce, now });
  const conversationChanged = (id: ConversationId): void => {
    const conversation = threads.peek(id);
    if (conversation !== null) announce({ type: 'conversation.changed', conversation });
  };
  const showItems = (run: RunId): void => {
    for (const item of items.ofRun(run)) announce({ type: 'item.changed', item });
  };
  const asked = (run: Run): void => {
    for (const approval of approvals.ofRun(run.id).filter(({ state }) => state === 'open')) announce({ type: 'approval.asked', ...ofRun(run), approval });
    showItems(run.id);
    conversationChanged(run.conversation);
  };
  const removeWithdrawn = createRemoval(runs, approvals, announce);
  const happened = (run: Run, event: LoopEvent): void => {
    announce({ ...toEvent(event), ...ofRun(run) } as Event);
    if (event.type === 'call' && event.call.state === 'asking') asked(run);
    if (event.type === 'step' || event.type === 'call') cards.show(run);
  };
  const ended = (run: Run): void => {
    const view = items.view(run.id);
    if (run.state !== 'stopped') threads.touch(run.conversation, view.text === '' ? (run.fault?.message ?? '') : view.text, 'assistant');
    showItems(run.id);
    removeWithdrawn(run.id);
    if (isEnded(run.state)) announce({ type: 'run.ended', ...ofRun(run), outcome: run.state, text: view.text, fault: run.fault, usage: run.usage });
  };

  return {
    happened,
    changed: (run) => {
      if (run.state === 'running') announce({ type: 'run.started', ...ofRun(run) });
      if (run.state === 'queued') announce({ type: 'run.phase', ...ofRun(run), phase: { type: 'queued' } });
      if (run.state === 'waiting' && run.waitingFor !== null) announce({ type: 'run.waiting', ...ofRun(run), for: run.waitingFor });
      if (run.state === 'waiting' && run.waitingFor === 'answer') asked(run);
      if (isEnded(run.state)) ended(run);
      cards.forget(run.id);
      cards.show(run);
      conversationChanged(run.conversation);
    },
    accepted: (run) => {
      showItems(run);
      removeWithdrawn(run);
      conversationChanged(runs.get(run).conversation);
    },
    replaced: (conversation, gone) => {
      for (const run of gone) for (const { key } of items.ofRun(run.id)) announce({ type: 'item.removed', conversation, key });
    },
    answered: (id) => {
      const approval = approvals.get(id);
      const run = runs.get(approval.run);
      announce({ type: 'approval.answered', ...ofRun(run), approval });
      announce({ type: 'item.removed', conversation: run.conversation, key: `a${id}` });
      conversationChanged(run.conversation);
    },
    ...taskNews({ runs, items, announce }, conversationChanged),
    conversationChanged,
  };
}

/** Questions that are moot leave the thread: a stop or a new message took them back. */
function createRemoval(runs: RunStore, approvals: Approvals, announce: Listener): (run: RunId) => void {
  return (run) => {
    const { conversation } = runs.get(run);
    for (const { id, state } of approvals.ofRun(run)) if (state === 'withdrawn') announce({ type: 'item.removed', conversation, key: `a${id}` });
  };
}

function taskNews({ runs, items, announce }: Pick<FeedOptions, 'runs' | 'items' | 'announce'>, conversationChanged: Feed['conversationChanged']) {
  return {
    taskChanged: (task: Task): void => {
      announce({ type: 'task.changed', task });
      announce({ type: 'item.changed', item: items.card(task.id) });
      conversationChanged(task.conversation);
    },
    taskRemoved: ({ id, conversation }: Task): void => {
      announce({ type: 'item.removed', conversation, key: `t${id}` });
      for (const run of runs.ofTask(id)) announce({ type: 'item.removed', conversation, key: `r${run.id}` });
      conversationChanged(conversation);
    },
  };
}

/** Whose event it is. The task of a run is asked for at every event and never changes, so it is kept. */
function createOrigin(tasks: Tasks): (run: Run) => { run: RunId; conversation: ConversationId; task: TaskId | null } {
  const found = new Map<RunId, TaskId>();
  const taskOf = (run: Run): TaskId | null => {
    if (run.kind !== 'task') return null;
    const known = found.get(run.id) ?? tasks.ofRun(run.id)?.id;
    if (known !== undefined) found.set(run.id, known);
    return known ?? null;
  };
  return (run) => ({ run: run.id, conversation: run.conversation, task: taskOf(run) });
}

/** Announces the card of a task, but not more often than it can be read. */
function createCards({ tasks, announce, now }: Pick<FeedOptions, 'tasks' | 'announce' | 'now'>): { show(run: Run): void; forget(run: RunId): void } {
  const shown = new Map<RunId, number>();
  return {
    show: (run) => {
      if (run.kind !== 'task' || now() - (shown.get(run.id) ?? 0) < cardEvery) return;
      shown.set(run.id, now());
      const task = tasks.ofRun(run.id);
      if (task !== null) announce({ type: 'task.changed', task });
    },
    forget: (run) => void shown.delete(run),
  };
}

/** The loop's own events under the names of the contract; whose run it is comes with them. */
function toEvent(event: LoopEvent): { readonly type: Event['type'] } {
  switch (event.type) {
    case 'phase':
      return { ...event, type: 'run.phase' };
    case 'text':
      return { ...event, type: 'text.added' };
    case 'thought':
      return { ...event, type: 'thought.added' };
    case 'withdrawn':
      return { type: 'text.withdrawn' };
    case 'step':
      return { ...event, type: 'step.ended' };
    case 'call':
      return { ...event, type: 'call.changed' };
    case 'notice':
      return { ...event, type: 'run.noticed' };
  }
}

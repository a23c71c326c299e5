// Tells the window and the command line what happens: from what the runs report to the events of the contract. Nobody is steered by it.
import type { LoopEvent } from '../agent/seam.ts';
import type { Listener } from '../contract/event.ts';
import type { ApprovalId, ConversationId, RunId } from '../contract/id.ts';
import type { Task } from '../contract/task.ts';
import { tellFault } from '../contract/tell.ts';
import type { Books } from '../runs/books.ts';
import type { Run } from '../runs/store.ts';
import { isEnded } from '../runs/transitions.ts';
import type { Items } from './items.ts';
import type { Threads } from './threads.ts';

export type Feed = ReturnType<typeof createFeed>;

type Parts = Books & { readonly threads: Threads; readonly items: Items; readonly announce: Listener; language(): 'en' | 'zh' };

/** A card is redrawn at most this often while its task runs, in milliseconds. */
const cardEvery = 200;

export function createFeed({ runs, tasks, approvals, threads, items, announce, language, now }: Parts) {
  const cards = createCards({ tasks, announce, now });
  const conversationChanged = (id: ConversationId): void => {
    const conversation = threads.peek(id);
    if (conversation !== null) announce({ type: 'conversation.changed', conversation });
  };
  const removed = (conversation: ConversationId, key: string): void => announce({ type: 'item.removed', conversation, key });
  const showItems = (run: Run): void => {
    for (const item of items.ofRun(run.id)) announce({ type: 'item.changed', item });
    // Questions that are moot leave the thread: a stop or a new message took them back.
    for (const { id, state } of approvals.ofRun(run.id)) if (state === 'withdrawn') removed(run.conversation, `a${id}`);
  };
  const asked = (run: Run): void => {
    for (const approval of approvals.ofRun(run.id).filter(({ state }) => state === 'open')) announce({ type: 'approval.asked', ...originOf(run), approval });
    showItems(run);
    conversationChanged(run.conversation);
  };
  /** Something inside a running run; its state is the same. */
  const happened = (run: Run, event: LoopEvent): void => {
    announce({ ...event, ...originOf(run) });
    if (event.type === 'call.changed' && event.call.state === 'asking') asked(run);
    if (event.type === 'step.ended' || event.type === 'call.changed') cards.show(run);
  };
  const ended = (run: Run): void => {
    const view = items.view(run.id);
    if (run.state !== 'stopped') threads.touch(run.conversation, view.text || tellFault(run.fault, language()), 'assistant');
    showItems(run);
    if (isEnded(run.state)) announce({ type: 'run.ended', ...originOf(run), outcome: run.state, text: view.text, fault: run.fault, usage: run.usage });
  };

  return {
    happened,
    changed: (run: Run): void => {
      announceState(run, announce);
      if (run.state === 'waiting' && run.waitingFor === 'answer') asked(run);
      if (isEnded(run.state)) ended(run);
      cards.forget(run.id);
      cards.show(run);
      conversationChanged(run.conversation);
    },
    /** A message was accepted for this run. */
    accepted: (id: RunId): void => {
      const run = runs.get(id);
      showItems(run);
      conversationChanged(run.conversation);
    },
    replaced: (conversation: ConversationId, gone: readonly Run[]): void => {
      for (const run of gone) for (const { key } of items.ofRun(run.id)) removed(conversation, key);
    },
    answered: (id: ApprovalId): void => {
      const approval = approvals.get(id);
      const run = runs.get(approval.run);
      announce({ type: 'approval.answered', ...originOf(run), approval });
      removed(run.conversation, `a${id}`);
      conversationChanged(run.conversation);
    },
    ...taskNews({ runs, items, announce }, removed, conversationChanged),
    conversationChanged,
  };
}

function taskNews(
  { runs, items, announce }: Pick<Parts, 'runs' | 'items' | 'announce'>,
  removed: (conversation: ConversationId, key: string) => void,
  conversationChanged: (id: ConversationId) => void,
) {
  return {
    taskChanged: (task: Task): void => {
      announce({ type: 'task.changed', task });
      announce({ type: 'item.changed', item: items.card(task.id) });
      conversationChanged(task.conversation);
    },
    taskRemoved: ({ id, conversation }: Task): void => {
      removed(conversation, `t${id}`);
      for (const run of runs.ofTask(id)) removed(conversation, `r${run.id}`);
      conversationChanged(conversation);
    },
  };
}

function announceState(run: Run, announce: Listener): void {
  if (run.state === 'running') announce({ type: 'run.started', ...originOf(run) });
  if (run.state === 'queued') announce({ type: 'run.phase', ...originOf(run), phase: { type: 'queued' } });
  if (run.state === 'waiting' && run.waitingFor !== null) announce({ type: 'run.waiting', ...originOf(run), for: run.waitingFor });
}

/** Whose event it is. */
function originOf({ id, conversation, task }: Run) {
  return { run: id, conversation, task };
}

/** Announces the card of a task, but not more often than it can be read. */
function createCards({ tasks, announce, now }: Pick<Parts, 'tasks' | 'announce' | 'now'>): { show(run: Run): void; forget(run: RunId): void } {
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

// The items of a thread, made from the journal: what the person said, the answers, task cards and open questions.
import { shownCall } from '../agent/call.ts';
import type { CallView, MessagePart, ThreadItem } from '../contract/conversation.ts';
import type { Entry, EntryOf } from '../contract/entry.ts';
import type { ConversationId, RunId, TaskId } from '../contract/id.ts';
import type { Report } from '../contract/report.ts';
import { RunView } from '../contract/run.ts';
import type { Task } from '../contract/task.ts';
import type { Books } from '../runs/books.ts';
import { liveRuns } from '../runs/history.ts';
import type { Run } from '../runs/store.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { Reports } from './report.ts';

export type Items = ReturnType<typeof createItems>;

/** Parts of one answer that are shown at most: the newest. */
const maxParts = 300;
const maxOutput = 4_000;

export function createItems({ runs, tasks, approvals, reports, toolbox }: Books & { readonly reports: Reports; readonly toolbox: Toolbox }) {
  const ofRun = (run: Run): ThreadItem[] => {
    const entries = runs.entries.of(run.id);
    const questions = approvals.ofRun(run.id).flatMap((approval): ThreadItem[] => {
      const asked = entries.find(({ body }) => (body.type === 'asked' || body.type === 'parked') && body.approval === approval.id);
      return approval.state === 'open'
        ? [{ type: 'approval', key: `a${approval.id}`, order: (asked?.id ?? run.openedBy) + 0.7, conversation: run.conversation, approval }]
        : [];
    });
    if (run.task === null)
      return [...entries.flatMap((entry) => said(run, entry)), answer(run, partsOf(entries, toolbox).slice(-maxParts), null), ...questions];
    return [...(run.closedBy === null ? [] : [answer(run, lastWords(entries), reports.of(run, entries))]), ...questions];
  };
  const card = (task: Task, placed: number): ThreadItem => ({ type: 'task', key: `t${task.id}`, order: placed, conversation: task.conversation, task });
  return {
    /** All items that a run has in its thread, the card of its task among them. */
    ofRun: (id: RunId): ThreadItem[] => {
      const run = runs.get(id);
      const task = tasks.ofRun(id);
      if (task !== null) return [card(task, tasks.row(task.id).placed), ...ofRun(run)];
      return run.task === null ? ofRun(run) : [];
    },
    card: (id: TaskId) => card(tasks.get(id), tasks.row(id).placed),
    /** The newest `limit` items older than `before`, by rising order; always whole runs, so there may be a few more. */
    page: (conversation: ConversationId, before: number | undefined, limit: number): { readonly items: ThreadItem[]; readonly more: boolean } => {
      const shown = tasks.ofConversation(conversation);
      const isShown = (run: Run): boolean => run.task === null || shown.some(({ task }) => task.id === run.task);
      const ofRuns = liveRuns(runs.ofConversation(conversation))
        .filter(isShown)
        .map((run) => ({ from: run.openedBy, place: placeOf(run), items: () => ofRun(run) }));
      const cards = shown.map(({ task, placed }) => ({ from: placed, place: placed, items: () => [card(task, placed)] }));
      const items: ThreadItem[] = [];
      for (const anchor of [...ofRuns, ...cards].sort((a, b) => b.place - a.place)) {
        if (anchor.from >= (before ?? Number.MAX_SAFE_INTEGER)) continue;
        if (items.length >= limit) return { items: items.sort((a, b) => a.order - b.order), more: true };
        items.push(...anchor.items().filter(({ order }) => before === undefined || order < before));
      }
      return { items: items.sort((a, b) => a.order - b.order), more: false };
    },
    view: (id: RunId): RunView => RunView.parse({ ...runs.get(id), text: runs.entries.last(id, 'reply')?.body.text ?? '' }),
  };
}

/** By this the runs of a thread are paged: a run of a task stands where it ended. */
function placeOf(run: Run): number {
  return run.kind === 'task' ? (run.closedBy ?? run.openedBy) : run.openedBy;
}

function said(run: Run, { id, at, body }: Entry): ThreadItem[] {
  if (body.type !== 'message') return [];
  return [{ type: 'said', key: `m${id}`, order: id, conversation: run.conversation, message: id, run: run.id, text: body.text, at }];
}

/** The answer of a turn stands behind its message, the one message of a task where it ended. */
function answer(run: Run, parts: MessagePart[], report: Report | null): ThreadItem {
  const { id, conversation, task, state, fault, usage, endedAt, createdAt } = run;
  const order = task === null ? run.openedBy + 0.5 : placeOf(run);
  return { type: 'answer', key: `r${id}`, order, conversation, run: id, task, state, parts, fault, usage, report, at: endedAt ?? createdAt };
}

/** What a task that has ended says beside its report. */
function lastWords(entries: readonly Entry[]): MessagePart[] {
  const said = entries.findLast(({ body }) => body.type === 'reply')?.body as EntryOf<'reply'> | undefined;
  const notices = entries.flatMap(({ body }): MessagePart[] => (body.type === 'notice' ? [{ type: 'notice', fault: body.fault }] : []));
  return [...notices.slice(-20), ...(said === undefined || said.text === '' ? [] : [{ type: 'text' as const, text: said.text }])];
}

function partsOf(entries: readonly Entry[], toolbox: Toolbox): MessagePart[] {
  const parts: MessagePart[] = [];
  const calls = new Map<string, CallView>();
  const change = (call: string, changes: Partial<CallView>): void => {
    const view = calls.get(call);
    if (view !== undefined) Object.assign(view, changes);
  };
  for (const { at, body } of entries) {
    if (body.type === 'reply') {
      if (body.thought !== undefined) parts.push({ type: 'thought', text: body.thought });
      if (body.text !== '') parts.push({ type: 'text', text: body.text });
      for (const call of body.calls) {
        const view = shownCall({ toolbox }, call, 'running', { startedAt: at });
        calls.set(call.id, view);
        parts.push({ type: 'call', call: view });
      }
    } else if (body.type === 'asked') change(body.call, { state: 'asking' });
    else if (body.type === 'intent') change(body.call, { state: 'running', startedAt: at });
    else if (body.type === 'outcome') change(body.call, { state: body.status, output: body.output.slice(0, maxOutput).toWellFormed(), endedAt: at });
    else if (body.type === 'notice') parts.push({ type: 'notice', fault: body.fault });
  }
  return parts;
}

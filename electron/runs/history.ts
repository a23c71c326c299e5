// What was said in the conversation before this run, as the context takes it: earlier turns that still count, and tasks that ended.
import type { Context } from '../agent/context.ts';
import type { Entry } from '../contract/entry.ts';
import type { ConversationId, EntryId } from '../contract/id.ts';
import type { Run, RunStore } from './store.ts';
import type { Tasks } from './tasks/store.ts';

/** Turns looked back on at most; moved in whole steps, so that the start of the view, and with it the model's cache, stays the same. */
const lookBack = 200;

/** Adds the past of `run` to the context. */
export function addHistory(context: Context, runs: RunStore, tasks: Tasks, run: Run): void {
  const earlier = runsBefore(runs, run);
  const from = Math.max(0, Math.floor((earlier.length - lookBack) / lookBack) * lookBack);
  const placed = earlier.slice(from).map((one) => ({ run: one, at: one.kind === 'turn' ? one.openedBy : (one.closedBy ?? 0) }));
  for (const { run: one } of placed.sort((a, b) => a.at - b.at)) {
    if (one.kind === 'turn') for (const entry of runs.entries.of(one.id)) context.add(entry, 'turn');
    else context.note(taskNote(tasks, one), one.closedBy ?? 0);
  }
}

/** What was recorded of the turns before this one, oldest first: what a turn may look back on. Nothing for a task. */
export function entriesBefore(runs: RunStore, run: Run): Entry[] {
  return run.kind === 'task' ? [] : runsBefore(runs, run).flatMap(({ id, kind }) => (kind === 'turn' ? runs.entries.of(id) : []));
}

/** From this entry on a turn of the conversation sees what was said in full; what lies before is only shown shortened. */
export function viewBegins(runs: RunStore, conversation: ConversationId): EntryId {
  for (const { id } of runs.ofConversation(conversation).slice(-lookBack).reverse()) {
    const compacted = runs.entries.last(id, 'compacted');
    if (compacted !== null) return compacted.body.upTo + 1;
  }
  return 0;
}

function runsBefore(runs: RunStore, run: Run): Run[] {
  return liveRuns(runs.ofConversation(run.conversation)).filter(
    ({ id, kind, endedAt }) => id !== run.id && (kind === 'turn' ? id < run.id : endedAt !== null && endedAt <= run.createdAt),
  );
}

/** Without the turns that were edited and sent again, or retried: those and all turns after them have left the thread. */
export function liveRuns(ofConversation: readonly Run[]): Run[] {
  const replacements = ofConversation.filter(({ replaces }) => replaces !== null);
  const replaced = (run: Run): boolean => run.kind === 'turn' && replacements.some((by) => by.replaces !== null && by.replaces <= run.id && run.id < by.id);
  return ofConversation.filter((run) => !replaced(run));
}

function taskNote(tasks: Tasks, run: Run): string {
  const task = tasks.ofRun(run.id);
  const result = run.fault?.message ?? task?.result ?? '';
  return `[Task ${task?.id ?? ''} (${task?.goal ?? ''}) ended: ${run.state}. ${result}]`;
}

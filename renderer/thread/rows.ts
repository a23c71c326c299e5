// The lines of a thread in order: its items with day separators, the "new messages" line, and what is on its way.
import type { ThreadItem } from '../../electron/contract/conversation.ts';
import { activeTurn, isUnderWay, type Pending, type ThreadState } from '../state/thread-state.ts';
import { daysBetween } from '../texts/figures.ts';

export type Row =
  | { readonly type: 'day'; readonly key: string; readonly at: number }
  | { readonly type: 'new'; readonly key: string }
  | { readonly type: 'item'; readonly key: string; readonly item: ThreadItem; readonly isLast: boolean }
  | { readonly type: 'pending'; readonly key: string; readonly pending: Pending }
  | { readonly type: 'working'; readonly key: string };

export function rowsOf(thread: ThreadState): readonly Row[] {
  const rows: Row[] = [];
  const shown = thread.items.filter((item) => !isEmptyAnswer(item));
  const isWorking = activeTurn(thread) !== null;
  const last = isWorking || thread.pending.length > 0 ? undefined : lastOf(shown);
  let before: number | null = null;
  for (const item of shown) {
    const at = timeOf(item);
    if (before === null || daysBetween(before, at) !== 0) rows.push({ type: 'day', key: `day-${new Date(at).toDateString()}-${item.key}`, at });
    if (item.key === thread.firstNew) rows.push({ type: 'new', key: 'new' });
    rows.push({ type: 'item', key: item.key, item, isLast: item.key === last });
    before = at;
  }
  for (const pending of thread.pending) rows.push({ type: 'pending', key: pending.key, pending });
  if (isWorking) rows.push({ type: 'working', key: 'working' });
  return rows;
}

/** The item that can be asked for again: the last one, if it is an answer, or a message whose run ended without reading it. */
function lastOf(items: readonly ThreadItem[]): string | undefined {
  const last = items.findLast((item) => item.type === 'answer' || item.type === 'said');
  const isOver = last?.type === 'answer' || items.some((item) => item.type === 'answer' && item.run === last?.run);
  return isOver ? last?.key : undefined;
}

/** Nothing to show yet: the typing indicator stands for it. */
function isEmptyAnswer(item: ThreadItem): boolean {
  return item.type === 'answer' && item.parts.length === 0 && item.fault === null && isUnderWay(item.state);
}

function timeOf(item: ThreadItem): number {
  switch (item.type) {
    case 'task':
      return item.task.createdAt;
    case 'approval':
      return item.approval.askedAt;
    default:
      return item.at;
  }
}

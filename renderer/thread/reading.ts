// What has been read, and which line is topmost in view.
import { type RefObject, useEffect } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { ConversationId } from '../../electron/contract/id.ts';
import { useParts, useWindow } from '../state/context.tsx';
import type { Place } from '../state/window-state.ts';
import type { Row } from './rows.ts';

/** What is in view while the window has the person's eye has been read. */
export function useReading(
  conversation: ConversationId,
  rows: readonly Row[],
  scroller: RefObject<HTMLDivElement | null>,
  list: RefObject<VirtualizerHandle | null>,
): void {
  const { gestures } = useParts();
  const unread = useWindow((state) => state.conversations[conversation]?.unread ?? 0);
  useEffect(() => {
    let told = -1;
    const read = () => {
      const { current } = scroller;
      if (current === null || list.current === null || !document.hasFocus()) return;
      const lowest = list.current.findItemIndex(list.current.scrollOffset + current.clientHeight);
      const order = orderOf(rows.slice(0, lowest + 1));
      if (order !== null && (order > told || unread > 0)) gestures.read(conversation, order);
      told = order ?? told;
    };
    const frame = requestAnimationFrame(read);
    const { current } = scroller;
    current?.addEventListener('scrollend', read);
    window.addEventListener('focus', read);
    return () => {
      cancelAnimationFrame(frame);
      current?.removeEventListener('scrollend', read);
      window.removeEventListener('focus', read);
    };
  }, [conversation, rows, unread, gestures, scroller, list]);
}

/** The place of the last item that the assistant has placed; one made up from a stream has none yet. */
function orderOf(rows: readonly Row[]): number | null {
  const last = rows.findLast((row) => row.type === 'item' && row.item.order < Number.MAX_SAFE_INTEGER);
  return last?.type === 'item' ? last.item.order : null;
}

export function topmost(list: VirtualizerHandle, rows: readonly Row[]): Place {
  const from = list.findItemIndex(list.scrollOffset);
  const index = rows.findIndex((row, at) => at >= from && row.type === 'item');
  const row = rows[index];
  return row === undefined ? null : { item: row.key, offset: Math.round(list.scrollOffset - list.getItemOffset(index)) };
}

// What has been read, and which line is topmost in view.
import { useEffect } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { ConversationId } from '../../electron/contract/id.ts';
import { useParts, useWindow } from '../state/context.tsx';
import type { Place } from '../state/window-state.ts';
import type { Row } from './rows.ts';

/** What is new in the open conversation is read while the window has the person's eye; where they have scrolled up, the button that leads down counts it. */
export function useReading(conversation: ConversationId, rows: readonly Row[]): void {
  const { gestures } = useParts();
  const unread = useWindow((state) => state.conversations[conversation]?.unread ?? 0);
  const order = orderOf(rows);
  useEffect(() => {
    const read = () => {
      if (unread > 0 && order !== null && document.hasFocus()) gestures.read(conversation, order);
    };
    read();
    window.addEventListener('focus', read);
    return () => window.removeEventListener('focus', read);
  }, [conversation, order, unread, gestures]);
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

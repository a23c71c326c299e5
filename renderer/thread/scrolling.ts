// Where the thread is scrolled to: follows the bottom unless the person has scrolled up, keeps and restores the place, and notes what was read.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { ConversationId } from '../../electron/contract/id.ts';
import { useParts, useWindow } from '../state/context.tsx';
import type { ThreadState } from '../state/thread-state.ts';
import type { Row } from './rows.ts';

export interface Scrolling {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: RefObject<VirtualizerHandle | null>;
  /** True while drawing older lines in front. */
  readonly shift: boolean;
  /** How many answers came below since the person scrolled up; null at the bottom. */
  readonly away: number | null;
  onScroll(): void;
  /** The person turned the wheel, touched, pressed a key or took the scroll bar. */
  onMoved(): void;
  keep(): void;
  toBottom(): void;
}

/** So near the end counts as being there; so near the start, older lines are fetched. In pixels. */
const bottomEdge = 8;
const topEdge = 600;
const ownFor = 1200;

export function useScrolling(conversation: ConversationId, thread: ThreadState, rows: readonly Row[]): Scrolling {
  const { gestures } = useParts();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const atBottom = useRef(true);
  const [leftAt, setLeftAt] = useState<number | null>(null);
  /** Until when (ms) scrolling is taken to be the person's own doing; sizes that settle scroll as well. */
  const ownUntil = useRef(0);
  const answers = rows.filter((row) => row.type === 'item' && row.item.type !== 'said').length;

  const follow = useCallback(() => {
    if (atBottom.current && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, []);
  const setAtBottom = useCallback((is: boolean, seen: number) => {
    atBottom.current = is;
    setLeftAt((before) => (is ? null : (before ?? seen)));
  }, []);
  const keep = useCallback(() => {
    if (list.current !== null) gestures.scrolled(conversation, atBottom.current ? null : topmost(list.current, rows));
  }, [conversation, gestures, rows]);

  useRestoredPlace({ conversation, thread, rows, list, follow, setAtBottom: (is) => setAtBottom(is, answers) });
  const sending = thread.pending.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: one's own message is always shown, whatever else changes is not
  useLayoutEffect(() => {
    if (sending === 0) return;
    setAtBottom(true, 0);
    follow();
  }, [sending]);
  useGrowth(scroller, follow);
  useReading(conversation, rows, scroller, list);

  return {
    scroller,
    list,
    shift: useShift(rows),
    away: leftAt === null ? null : Math.max(0, answers - leftAt),
    keep,
    onScroll() {
      const { current } = scroller;
      if (current === null) return;
      const isAtBottom = current.scrollHeight - current.scrollTop - current.clientHeight < bottomEdge;
      if (isAtBottom || Date.now() < ownUntil.current) setAtBottom(isAtBottom, answers);
      if (current.scrollTop < topEdge && thread.more) void gestures.older(conversation);
    },
    onMoved() {
      ownUntil.current = Date.now() + ownFor;
    },
    toBottom() {
      setAtBottom(true, answers);
      follow();
    },
  };
}

/**
 * Goes along with whatever grows, but only once the list has measured it: scrolled further than it knows of, the list
 * would take the growing answer for out of sight and draw it anew each time.
 */
function useGrowth(scroller: RefObject<HTMLDivElement | null>, follow: () => void): void {
  useEffect(() => {
    const { current } = scroller;
    if (current === null) return;
    const observer = new ResizeObserver(follow);
    observer.observe(current);
    if (current.lastElementChild !== null) observer.observe(current.lastElementChild);
    return () => observer.disconnect();
  }, [scroller, follow]);
}

/** Older lines came in front: what was first is still there, but no longer first. */
function useShift(rows: readonly Row[]): boolean {
  const first = rows.find((row) => row.type === 'item')?.key;
  const before = useRef(first);
  const shift = before.current !== undefined && first !== before.current && rows.some((row) => row.key === before.current);
  useLayoutEffect(() => {
    before.current = first;
  }, [first]);
  return shift;
}

interface Restoring {
  readonly conversation: ConversationId;
  readonly thread: ThreadState;
  readonly rows: readonly Row[];
  readonly list: RefObject<VirtualizerHandle | null>;
  follow(): void;
  setAtBottom(is: boolean): void;
}

/** On opening: the searched item, else the kept place, else the first new message, else the bottom. */
function useRestoredPlace({ conversation, thread, rows, list, follow, setAtBottom }: Restoring): void {
  const { setup } = useParts();
  const target = useWindow((state) => state.target);
  const scroll = useWindow((state) => state.conversations[conversation]?.scroll ?? null);
  const restored = useRef(false);
  useLayoutEffect(() => {
    if (!thread.ready || rows.length === 0) return;
    const go = (key: string, align: 'start' | 'center', offset: number) => {
      const index = rows.findIndex((row) => row.key === key);
      if (index === -1) return;
      setAtBottom(false);
      list.current?.scrollToIndex(index, { align, offset });
    };
    if (target !== null) {
      go(target, 'center', 0);
      setup.targetReached();
    } else if (!restored.current) {
      if (scroll !== null) go(scroll.item, 'start', scroll.offset);
      else if (thread.firstNew !== null) go('new', 'start', -24);
      else follow();
    }
    restored.current = true;
  });
}

/** What is in view while the window has the person's eye has been read. */
function useReading(conversation: ConversationId, rows: readonly Row[], scroller: RefObject<HTMLDivElement | null>, list: RefObject<VirtualizerHandle | null>): void {
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

function topmost(list: VirtualizerHandle, rows: readonly Row[]): { item: string; offset: number } | null {
  const from = list.findItemIndex(list.scrollOffset);
  const index = rows.findIndex((row, at) => at >= from && row.type === 'item');
  const row = rows[index];
  return row === undefined ? null : { item: row.key, offset: Math.round(list.scrollOffset - list.getItemOffset(index)) };
}

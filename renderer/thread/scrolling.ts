// Where the thread is scrolled to: follows the bottom unless the person has scrolled up, and keeps and restores the place.
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { ConversationId } from '../../electron/contract/id.ts';
import { useParts, useWindow } from '../state/context.tsx';
import type { ThreadState } from '../state/thread-state.ts';
import { placeOf } from '../state/window-state.ts';
import { topmost, useReading } from './reading.ts';
import type { Row } from './rows.ts';

/** What the view holds on to until the person scrolls: the end, a line, or nothing in particular. */
type Anchor = 'bottom' | 'free' | { readonly index: number; readonly align: 'start' | 'center'; readonly offset: number };

/** So near the end counts as being there; so near the start, older lines are fetched. In pixels. */
const bottomEdge = 8;
const topEdge = 600;
/** How long (ms) scrolling goes on after a wheel or key, and how long a scroll bar may be held. */
const ownFor = 1200;
const draggedFor = 10_000;

export function useScrolling(conversation: ConversationId, thread: ThreadState, rows: readonly Row[]) {
  const { gestures } = useParts();
  const answers = rows.filter((row) => row.type === 'item' && row.item.type !== 'said').length;
  const { scroller, list, anchor, hold, settle, away } = useAnchor(answers);
  /** Until when (ms) scrolling is taken to be the person's own doing; sizes that settle scroll as well. */
  const ownUntil = useRef(0);
  const keep = useCallback(() => {
    if (list.current !== null) gestures.scrolled(conversation, anchor.current === 'bottom' ? null : topmost(list.current, rows));
  }, [conversation, gestures, rows, list, anchor]);

  useRestoredPlace(conversation, thread, rows, hold);
  useOwnMessages(thread, hold);
  useGrowth(scroller, settle);
  useReading(conversation, rows);

  const onScroll = () => {
    const { current } = scroller;
    if (current === null) return;
    const isAtBottom = current.scrollHeight - current.scrollTop - current.clientHeight < bottomEdge;
    if (Date.now() < ownUntil.current) hold(isAtBottom ? 'bottom' : 'free');
    if (current.scrollTop < topEdge && thread.more) void gestures.older(conversation);
  };
  const moved = (milliseconds: number) => () => {
    ownUntil.current = Date.now() + milliseconds;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'End' || event.target !== event.currentTarget) return moved(ownFor)();
    // The heights of lines never seen are guesses, so the browser would stop short of the end.
    event.preventDefault();
    ownUntil.current = 0;
    hold('bottom');
  };
  /** The scroller's events: that it scrolled, and that the person turned the wheel, touched, pressed a key or took the scroll bar. */
  const heard = { onScroll, onWheel: moved(ownFor), onTouchMove: moved(ownFor), onKeyDown, onPointerDown: moved(draggedFor) };
  return { scroller, list, shift: useShift(rows), away, heard, settle, keep, toBottom: () => hold('bottom') };
}

function useAnchor(answers: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const anchor = useRef<Anchor>('bottom');
  const [leftAt, setLeftAt] = useState<number | null>(null);

  /** Stays where it should be while heights change. */
  const settle = useCallback(() => {
    const { current } = anchor;
    if (current === 'bottom' && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
    else if (typeof current === 'object') list.current?.scrollToIndex(current.index, current);
  }, []);

  function hold(next: Anchor): void {
    anchor.current = next;
    setLeftAt((before) => (next === 'bottom' ? null : (before ?? answers)));
    if (next !== 'free') settle();
  }

  /** How many answers came below since the person scrolled up; null at the bottom. */
  const away = leftAt === null ? null : Math.max(0, answers - leftAt);
  return { scroller, list, anchor, hold, settle, away };
}

/**
 * Settles whenever something grows, but only once the list has measured it: scrolled further than it knows of, the list
 * would take the growing answer for out of sight and draw it anew each time.
 */
function useGrowth(scroller: RefObject<HTMLDivElement | null>, settle: () => void): void {
  useEffect(() => {
    const { current } = scroller;
    if (current === null) return;
    const observer = new ResizeObserver(settle);
    observer.observe(current);
    if (current.lastElementChild !== null) observer.observe(current.lastElementChild);
    return () => observer.disconnect();
  }, [scroller, settle]);
}

/** One's own message is always shown. */
function useOwnMessages(thread: ThreadState, hold: (anchor: Anchor) => void): void {
  const sending = thread.pending.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a message more or less counts
  useLayoutEffect(() => {
    if (sending > 0) hold('bottom');
  }, [sending]);
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

/** On opening: the searched item, else the kept place, else the first new message, else the bottom. */
function useRestoredPlace(conversation: ConversationId, thread: ThreadState, rows: readonly Row[], hold: (anchor: Anchor) => void): void {
  const { setup } = useParts();
  const target = useWindow((state) => state.target);
  const place = useWindow((state) => placeOf(state, conversation));
  const restored = useRef(false);
  useLayoutEffect(() => {
    if (!thread.ready || rows.length === 0) return;
    const go = (key: string, align: 'start' | 'center', offset: number) => {
      const index = rows.findIndex((row) => row.key === key);
      hold(index === -1 ? 'bottom' : { index, align, offset });
    };
    if (target !== null) {
      go(target, 'center', 0);
      setup.targetReached();
    } else if (!restored.current) {
      if (place !== null) go(place.item, 'start', place.offset);
      else if (thread.firstNew !== null) go('new', 'start', -24);
      else hold('bottom');
    }
    restored.current = true;
  });
}

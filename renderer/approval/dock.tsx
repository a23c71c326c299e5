// The same question above the composer, while its place in the thread is out of sight; and the keys 1, 2, 3 that answer it.
import { useEffect, useMemo, useState } from 'react';
import type { Approval } from '../../electron/contract/approval.ts';
import type { ConversationId } from '../../electron/contract/id.ts';
import { focusComposer, focusComposerIfLost } from '../composer/focus.ts';
import { isComposing } from '../composer/ime.ts';
import { useParts, useWindow } from '../state/context.tsx';
import { answersFor } from './answers.ts';
import { ApprovalCard } from './card.tsx';

/** A card that has only just come can't be answered by a key that was meant for something else. In milliseconds. */
const settling = 500;

export function Dock({ conversation }: { readonly conversation: ConversationId }) {
  const approvals = useWindow((state) => state.approvals);
  const inView = useWindow((state) => state.inView);
  const open = useMemo(() => Object.values(approvals).filter((each) => each.conversation === conversation), [approvals, conversation]);
  const seen = open.find((each) => inView.includes(each.id));
  const shown = seen ?? open[0] ?? null;
  const isSettled = useSettled(shown?.id ?? null);
  const { store } = useParts();
  useEffect(() => store.change(() => ({ keyed: shown?.id ?? null })), [shown?.id, store]);
  useAnswerKeys(open, isSettled ? shown : null);
  useFocusOnArrival(isSettled ? shown : null);
  if (shown === null || seen !== undefined || !isSettled) return null;
  return (
    <div className="dock">
      <ApprovalCard approval={shown} />
    </div>
  );
}

/** Whether the question has stood there for a while. */
function useSettled(shown: number | null): boolean {
  const [settled, setSettled] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(shown), settling);
    return () => clearTimeout(timer);
  }, [shown]);
  return shown !== null && shown === settled;
}

/** Keys count where nothing is being typed; with Alt they count everywhere. They answer the question they were pressed in, else the one that is shown. */
function useAnswerKeys(open: readonly Approval[], shown: Approval | null): void {
  const { gestures, store } = useParts();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = event.altKey ? event.code.replace('Digit', '') : event.key;
      if (!/^[1-3]$/.test(key) || event.repeat || event.ctrlKey || event.metaKey || isComposing(event) || store.getState().panel !== null) return;
      if (!event.altKey && isTyping(event.target)) return;
      const focused = questionAt(event.target);
      const meant = focused === null ? shown : open.find((each) => each.id === focused);
      const answer = meant == null ? undefined : answersFor(meant)[Number(key) - 1];
      if (meant == null || answer === undefined) return;
      event.preventDefault();
      void gestures.answer(meant.id, answer);
      focusComposer();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open, shown, gestures, store]);
}

/** A person who is not writing is taken to the question; one who is stays where they are. From an answered one they are taken back. */
function useFocusOnArrival(shown: Approval | null): void {
  const id = shown?.id ?? null;
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const { activeElement } = document;
      if (document.querySelector('[role="dialog"]') !== null || questionAt(activeElement) !== null) return;
      const isBusy = activeElement instanceof HTMLTextAreaElement ? activeElement.value !== '' : isTyping(activeElement);
      const card = `[data-approval="${id}"]`;
      if (id !== null && !isBusy)
        (document.querySelector<HTMLElement>(`.dock ${card}`) ?? document.querySelector<HTMLElement>(card))?.focus({ preventScroll: true });
    });
    return () => {
      cancelAnimationFrame(frame);
      if (id !== null) requestAnimationFrame(focusComposerIfLost);
    };
  }, [id]);
}

function questionAt(target: EventTarget | null): number | null {
  const card = target instanceof Element ? target.closest('[data-approval]') : null;
  return card === null ? null : Number(card.getAttribute('data-approval'));
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

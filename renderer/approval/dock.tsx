// The same question above the composer, while its place in the thread is out of sight; and the keys 1, 2, 3 that answer it.
import { useEffect, useMemo, useState } from 'react';
import type { Approval, ApprovalAnswer } from '../../electron/contract/approval.ts';
import type { ConversationId } from '../../electron/contract/id.ts';
import { isComposing } from '../composer/ime.ts';
import { useParts, useWindow } from '../state/context.tsx';
import { ApprovalCard } from './card.tsx';

const keys: Readonly<Record<string, ApprovalAnswer>> = { '1': 'once', '2': 'conversation', '3': 'deny' };
/** A card that has only just come can't be answered by a key that was meant for something else. In milliseconds. */
const settling = 500;

export function Dock({ conversation, inView }: { readonly conversation: ConversationId; readonly inView: number | null }) {
  const approvals = useWindow((state) => state.approvals);
  const open = useMemo(() => Object.values(approvals).find((each) => each.conversation === conversation) ?? null, [approvals, conversation]);
  const isSeen = open !== null && open.id === inView;
  const settled = useSettled(open?.id ?? null);
  useAnswerKeys(settled ? open : null);
  useFocusOnArrival(open?.id ?? null);
  if (open === null || isSeen || !settled) return null;
  return (
    <div className="dock">
      <ApprovalCard approval={open} />
    </div>
  );
}

function useSettled(approval: number | null): boolean {
  const [settled, setSettled] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(approval), settling);
    return () => clearTimeout(timer);
  }, [approval]);
  return approval !== null && settled === approval;
}

/** Keys count where nothing is being typed; with Alt they count everywhere. */
function useAnswerKeys(open: Approval | null): void {
  const { gestures, store } = useParts();
  useEffect(() => {
    if (open === null) return;
    const onKey = (event: KeyboardEvent) => {
      const answer = keys[event.altKey ? event.code.replace('Digit', '') : event.key];
      if (answer === undefined || event.ctrlKey || event.metaKey || isComposing(event) || store.getState().panel !== null) return;
      if (!event.altKey && isTyping(event.target)) return;
      event.preventDefault();
      void gestures.answer(open.id, answer);
      document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open, gestures, store]);
}

/** A person who is not writing is taken to the question; one who is stays where they are. */
function useFocusOnArrival(approval: number | null): void {
  useEffect(() => {
    if (approval === null) return;
    const frame = requestAnimationFrame(() => {
      const { activeElement } = document;
      const isBusy = activeElement instanceof HTMLTextAreaElement ? activeElement.value !== '' : isTyping(activeElement);
      if (!isBusy && document.querySelector('[role="dialog"]') === null)
        document.querySelector<HTMLElement>(`[data-approval="${approval}"]`)?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [approval]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

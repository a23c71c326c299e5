// An approval in its place in the thread: the card while it is open, one line once it is answered.
import { Check, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Approval } from '../../electron/contract/approval.ts';
import { tellAsked } from '../../electron/contract/tell.ts';
import { useTexts } from '../texts/texts.ts';
import { answeredText } from './answers.ts';
import { ApprovalCard } from './card.tsx';

interface Props {
  readonly approval: Approval;
  /** Told whether it can be seen; where it can't, the card above the composer stands in for it. */
  readonly onInView: (approval: number, seen: boolean) => void;
}

export function InlineApproval({ approval, onInView }: Props) {
  if (approval.state !== 'open') return <Answered approval={approval} />;
  return <Open approval={approval} onInView={onInView} />;
}

function Open({ approval, onInView }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new IntersectionObserver((entries) => onInView(approval.id, entries.at(-1)?.isIntersecting === true), { threshold: 0.2 });
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      onInView(approval.id, false);
    };
  }, [approval.id, onInView]);
  return (
    <div ref={place}>
      <ApprovalCard approval={approval} />
    </div>
  );
}

function Answered({ approval }: { readonly approval: Approval }) {
  const { say, language } = useTexts();
  const allowed = approval.state === 'allowed';
  return (
    <p className="answered">
      {allowed ? <Check className="call-done" /> : <X />}
      <span>{say(answeredText(approval))}</span>
      <span className="answered-title" translate="no">
        {approval.about === 'call' ? `${approval.tool} · ${approval.title}` : tellAsked(approval, language)}
      </span>
    </p>
  );
}

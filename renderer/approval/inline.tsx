// An open question in its place in the thread; once it is answered it leaves.
import { useEffect, useRef } from 'react';
import type { Approval } from '../../electron/contract/approval.ts';
import { ApprovalCard } from './card.tsx';

interface Props {
  readonly approval: Approval;
  /** Told whether it can be seen; where it can't, the card above the composer stands in for it. */
  readonly onInView: (approval: number, seen: boolean) => void;
}

export function InlineApproval({ approval, onInView }: Props) {
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

// An open question in its place in the thread; once it is answered it leaves.
import { useEffect, useRef } from 'react';
import type { Approval } from '../../electron/contract/approval.ts';
import { useParts } from '../state/context.tsx';
import { ApprovalCard } from './card.tsx';

/** Where it can't be seen, the card above the composer stands in for it. */
export function InlineApproval({ approval }: { readonly approval: Approval }) {
  const { store } = useParts();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const tell = (seen: boolean) =>
      store.change(({ inView }) => ({ inView: [...inView.filter((each) => each !== approval.id), ...(seen ? [approval.id] : [])] }));
    const observer = new IntersectionObserver((entries) => tell(entries.at(-1)?.isIntersecting === true), { threshold: 0.2 });
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      tell(false);
    };
  }, [approval.id, store]);
  return (
    <div ref={place}>
      <ApprovalCard approval={approval} />
    </div>
  );
}

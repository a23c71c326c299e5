// A link in an answer: opened in the person's browser, never in the window.
import type { ReactNode } from 'react';
import { useParts } from '../state/context.tsx';

export function Anchor({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const { gestures } = useParts();
  if (!/^(https:|mailto:)/i.test(href)) return <span title={href}>{children}</span>;
  return (
    <a
      href={href}
      title={href}
      rel="noreferrer"
      onClick={(event) => {
        event.preventDefault();
        void gestures.openLink(href);
      }}
    >
      {children}
    </a>
  );
}

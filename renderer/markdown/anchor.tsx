// A link in an answer: opened in the person's browser, never in the window; to a footnote and back, within the answer.
import type { ReactNode } from 'react';
import { useParts } from '../state/context.tsx';

interface Props {
  readonly href: string;
  readonly id?: string | undefined;
  /** Its name where its text says too little. */
  readonly label?: string | undefined;
  readonly children: ReactNode;
}

export function Anchor({ href, id, label, children }: Props) {
  const { store } = useParts();
  if (href.startsWith('#'))
    return (
      <a id={id} href={href} aria-label={label}>
        {children}
      </a>
    );
  if (!/^(https:|mailto:)/i.test(href)) return <span title={href}>{children}</span>;
  return (
    <a
      href={href}
      title={href}
      rel="noreferrer"
      onClick={(event) => {
        event.preventDefault();
        void store.ask('link.open', { url: href });
      }}
    >
      {children}
    </a>
  );
}

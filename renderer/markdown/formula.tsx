// A formula, set by KaTeX straight into the page: it styles elements one by one, which a strict content policy allows.
import katex from 'katex';
import { useLayoutEffect, useRef } from 'react';

export function Formula({ source, display }: { readonly source: string; readonly display: boolean }) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (place.current === null) return;
    try {
      katex.render(source, place.current, { displayMode: display, throwOnError: true, strict: 'ignore', trust: false, maxExpand: 200, maxSize: 20 });
    } catch (error) {
      // What can not be set is shown as written; that is also what a half-streamed formula looks like.
      if (!(error instanceof Error)) throw error;
      place.current.textContent = source;
    }
  }, [source, display]);
  return <span ref={place} className={display ? 'formula formula-display' : 'formula'} />;
}

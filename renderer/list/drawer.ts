// The list as a drawer, where the window is too narrow to show it always: it takes the keyboard and gives it back.
import { type KeyboardEvent, useEffect, useState } from 'react';
import { focusComposer } from '../composer/focus.ts';

/** As in look/base.css. */
const wide = '(min-width: 760.02px)';

export function useDrawer() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!shown) return;
    document.querySelector<HTMLElement>('.side .search-button')?.focus();
    const screen = window.matchMedia(wide);
    const hide = () => setShown(false);
    screen.addEventListener('change', hide);
    return () => screen.removeEventListener('change', hide);
  }, [shown]);

  /** Once it is drawn: while the drawer is open nothing beside it takes the focus. */
  function end(then: () => void): void {
    if (!shown) return;
    setShown(false);
    requestAnimationFrame(then);
  }
  /** Goes back to the button that opened it. */
  const close = () => end(() => document.querySelector<HTMLElement>('.list-toggle')?.focus());

  return {
    shown,
    open: () => setShown(true),
    close,
    /** A conversation was chosen: goes on there. */
    leave: () => end(focusComposer),
    /** Escape closes the drawer and nothing else. */
    onKeyDown(event: KeyboardEvent): void {
      const isInside = event.target instanceof Element && event.target.closest('.side') !== null;
      if (!shown || event.key !== 'Escape' || event.defaultPrevented || !isInside) return;
      event.preventDefault();
      close();
    },
  };
}

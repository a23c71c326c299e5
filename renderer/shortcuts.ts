// The keys that count everywhere in the window.
import { useEffect } from 'react';
import { focusComposer } from './composer/focus.ts';
import { isComposing } from './composer/ime.ts';
import { type Parts, useParts } from './state/context.tsx';
import { newestFirst, type Panel } from './state/window-state.ts';

const panels: Readonly<Record<string, Panel>> = { k: 'search', j: 'memory', ',': 'settings', '/': 'keys' };

export function useShortcuts(): void {
  const parts = useParts();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isComposing(event) || event.altKey) return;
      const handled = event.ctrlKey || event.metaKey ? withControl(event, parts) : event.key === 'Escape' && leave(parts);
      if (handled) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [parts]);
}

function withControl(event: KeyboardEvent, { store, gestures, setup }: Parts): boolean {
  if (event.shiftKey) return false;
  const panel = panels[event.key.toLowerCase()];
  if (panel !== undefined) {
    setup.show(panel);
    return true;
  }
  switch (event.key.toLowerCase()) {
    case 'n':
      void gestures.begin();
      return true;
    case 't':
      gestures.editTask(null);
      return true;
    case 'l':
      focusComposer();
      return true;
    default: {
      const chosen = /^[1-9]$/.test(event.key) ? newestFirst(store.getState())[Number(event.key) - 1] : undefined;
      if (chosen !== undefined) void gestures.select(chosen.id);
      return chosen !== undefined;
    }
  }
}

/** Leaves editing, else stops the turn at work; an open dialog or menu takes the key for itself. */
function leave({ store, gestures }: Parts): boolean {
  const { panel, editing } = store.getState();
  if (panel !== null || document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]') !== null) return false;
  if (editing !== null) gestures.edit(editing.conversation, null);
  else void gestures.stop();
  return true;
}

// Short messages at the edge of the window: what failed, and the way back from a deletion. They stay while looked at.
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useParts, useWindow } from '../state/context.tsx';
import type { Toast } from '../state/window-state.ts';
import { useTexts } from '../texts/texts.ts';
import { IconButton } from './icon-button.tsx';

const shownFor = 9000;

export function Toasts() {
  const { say } = useTexts();
  const toasts = useWindow((state) => state.toasts);
  return (
    <section className="toasts" role="status" aria-label={say('toast.region')} data-react-aria-top-layer="true">
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function OneToast({ toast }: { readonly toast: Toast }) {
  const { say, tell } = useTexts();
  const { gestures, setup } = useParts();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => setup.dismissToast(toast.id), shownFor);
    return () => clearTimeout(timer);
  }, [held, toast.id, setup]);
  const { undo, fault } = toast;
  const said = undo !== null && 'change' in undo ? 'toast.forgotten' : 'toast.deleted';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only holds the message while it is looked at
    <div
      className="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{fault !== null ? tell(fault) : say(said, { title: undo?.title || say('conversation.untitled') })}</span>
      {undo !== null && (
        <Button
          className="text-button"
          onPress={() => {
            setup.dismissToast(toast.id);
            void ('change' in undo ? gestures.takeBack(undo.change) : gestures.restore(undo.conversation));
          }}
        >
          {say('toast.undo')}
        </Button>
      )}
      <IconButton label={say('toast.dismiss')} onPress={() => setup.dismissToast(toast.id)}>
        <X />
      </IconButton>
    </div>
  );
}

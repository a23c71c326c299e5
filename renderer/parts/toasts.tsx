// Short messages at the edge of the window: what failed, and the way back from a deletion. They stay while looked at.
import { X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useParts, useWindow } from '../state/context.tsx';
import type { Toast } from '../state/window-state.ts';
import { useTexts } from '../texts/texts.ts';
import { IconButton } from './icon-button.tsx';

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
  const { undo, fault } = toast;
  const said = undo !== null && 'change' in undo ? 'toast.forgotten' : 'toast.deleted';
  return (
    <div className="toast" onAnimationEnd={({ animationName }) => animationName === 'leave' && setup.dismissToast(toast.id)}>
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

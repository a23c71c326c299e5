// The frame of every dialog: a title, a way to close it, and what it is about.
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTexts } from '../texts/texts.ts';
import { IconButton } from './icon-button.tsx';

interface Props {
  readonly title: string;
  readonly size: 'small' | 'medium' | 'wide';
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Frame({ title, size, onClose, children }: Props) {
  const { say } = useTexts();
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className={`modal modal-${size}`}>
        <Dialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <IconButton label={say('dialog.close')} onPress={onClose}>
              <X />
            </IconButton>
          </header>
          <div className="dialog-body">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

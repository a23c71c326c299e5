// The folder in which the assistant may act in this conversation.
import { Folder, FolderOpen, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { ConversationId } from '../../electron/contract/id.ts';
import { IconButton } from '../parts/icon-button.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';

export function FolderChip({ conversation }: { readonly conversation: ConversationId }) {
  const { say } = useTexts();
  const { store, gestures } = useParts();
  const folder = useWindow((state) => state.conversations[conversation]?.folder ?? null);
  const choose = () => void gestures.chooseFolder(conversation);
  if (folder === null) {
    return (
      <Button className="chip" onPress={choose}>
        <Folder />
        {say('folder.choose')}
      </Button>
    );
  }
  return (
    <>
      <Button className="chip chip-set" aria-label={say('folder.chosen', { folder })} onPress={choose}>
        <FolderOpen />
        <span translate="no">{folder.split(/[\\/]/).findLast(Boolean) ?? folder}</span>
      </Button>
      <IconButton label={say('folder.leave')} onPress={() => void store.ask('conversation.set-folder', { conversation, folder: null })}>
        <X />
      </IconButton>
    </>
  );
}

// The folder in which the assistant may act in this conversation.
import { Folder, FolderOpen, X } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { ConversationId } from '../../electron/contract/id.ts';
import { useParts, useWindow } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';

export function FolderChip({ conversation }: { readonly conversation: ConversationId }) {
  const { say } = useTexts();
  const { store, gestures } = useParts();
  const folder = useWindow((state) => state.conversations[conversation]?.folder ?? null);
  if (folder === null) {
    return (
      <Button className="chip" onPress={() => void gestures.chooseFolder(conversation)}>
        <Folder />
        {say('folder.choose')}
      </Button>
    );
  }
  const name = folder.split(/[\\/]/).filter(Boolean).at(-1) ?? folder;
  return (
    <MenuTrigger>
      <Button className="chip chip-set" aria-label={say('folder.chosen', { folder })}>
        <FolderOpen />
        <span translate="no">{name}</span>
      </Button>
      <Popover className="popover" placement="top start">
        <Menu className="menu" aria-label={say('folder.chosen', { folder })}>
          <MenuItem className="menu-item" onAction={() => void gestures.chooseFolder(conversation)}>
            <FolderOpen />
            {say('folder.another')}
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => void store.ask('conversation.set-folder', { conversation, folder: null })}>
            <X />
            {say('folder.leave')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

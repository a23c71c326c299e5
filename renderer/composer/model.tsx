// The model that will answer in this conversation: seen before one sends, and changed here.
import { ChevronDown, Plus } from 'lucide-react';
import { Button, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components';
import type { ConversationId } from '../../electron/contract/id.ts';
import { WhereMark, whereOf } from '../parts/where.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { modelFor } from '../state/window-state.ts';
import { useTexts } from '../texts/texts.ts';

export function ModelChip({ conversation }: { readonly conversation: ConversationId }) {
  const { say } = useTexts();
  const { store, setup } = useParts();
  const models = useWindow((state) => state.models);
  const chosen = useWindow((state) => modelFor(state, conversation));
  return (
    <MenuTrigger>
      <Button className="chip">
        <span className="unseen">{say('model.chip')} </span>
        {chosen !== null && <WhereMark where={whereOf(chosen.kind)} />}
        <span className="chip-name" translate="no">
          {chosen?.name ?? say('model.none')}
        </span>
        <ChevronDown />
      </Button>
      <Popover className="popover" placement="top start">
        <Menu className="menu" aria-label={say('model.menu')}>
          <MenuSection
            aria-label={say('model.menu')}
            items={models}
            selectionMode="single"
            selectedKeys={chosen === null ? [] : [chosen.id]}
            onSelectionChange={(keys) => {
              const [key] = keys === 'all' ? [] : keys;
              if (typeof key === 'string') void store.ask('conversation.set-model', { conversation, model: key });
            }}
          >
            {(model) => (
              <MenuItem id={model.id} className="menu-item" isDisabled={model.fault !== null} textValue={model.name}>
                <span translate="no">{model.name}</span>
                <WhereMark where={whereOf(model.kind)} />
              </MenuItem>
            )}
          </MenuSection>
          <Separator className="menu-line" />
          <MenuItem className="menu-item" onAction={() => setup.show('models')}>
            <Plus />
            {say('model.addAnother')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

// Gives a conversation another title.
import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import type { Conversation } from '../../electron/contract/conversation.ts';
import { Field } from '../form/field.tsx';
import { Frame } from '../parts/dialog.tsx';
import { useParts } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';

export function Rename({ conversation, onClose }: { readonly conversation: Conversation; readonly onClose: () => void }) {
  const { say } = useTexts();
  const { store } = useParts();
  const [title, setTitle] = useState(conversation.title);
  return (
    <Frame title={say('rename.title')} size="small" onClose={onClose}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim() !== '') void store.ask('conversation.rename', { conversation: conversation.id, title: title.trim() });
          onClose();
        }}
      >
        <Field label={say('rename.label')} hint="" value={title} onChange={setTitle} maxLength={200} autoFocus />
        <div className="form-foot">
          <Button className="button" onPress={onClose}>
            {say('dialog.cancel')}
          </Button>
          <Button className="button button-main" type="submit" isDisabled={title.trim() === ''}>
            {say('rename.save')}
          </Button>
        </div>
      </Form>
    </Frame>
  );
}

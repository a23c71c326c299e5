// Writes a fact or a line of the profile anew: Enter keeps it, Escape leaves it as it was.
import { type FormEvent, useState } from 'react';
import { Button, Form, Input, TextField } from 'react-aria-components';
import type { MemoryItem } from '../../electron/contract/memory.ts';
import { useParts } from '../state/context.tsx';
import { useTexts } from '../texts/texts.ts';

export function Rewrite({ item, onClose }: { readonly item: MemoryItem; readonly onClose: () => void }) {
  const { say } = useTexts();
  const { gestures } = useParts();
  const [text, setText] = useState(item.text);
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    const written = { item: item.id, kind: item.kind === 'profile' ? 'profile' : 'fact', text } as const;
    if (text.trim() === item.text || (await gestures.rewrite(written))) onClose();
  }
  return (
    <Form className="memory-form" onSubmit={(event) => void save(event)}>
      <TextField className="field" aria-label={say('memory.newText')} value={text} onChange={setText} maxLength={600} autoFocus>
        <Input
          dir="auto"
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            onClose();
          }}
        />
      </TextField>
      <Button className="button button-main" type="submit" isDisabled={text.trim() === ''}>
        {say('form.save')}
      </Button>
      <Button className="button" onPress={onClose}>
        {say('dialog.cancel')}
      </Button>
    </Form>
  );
}

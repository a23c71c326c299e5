// One thing remembered: who said it and when, what it says, the way to its source, and what can be done with it.
import { MessageSquareQuote, Pencil, Pin, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { MemoryItem } from '../../electron/contract/memory.ts';
import { IconButton } from '../parts/icon-button.tsx';
import { useParts } from '../state/context.tsx';
import { dayName } from '../texts/figures.ts';
import { useTexts } from '../texts/texts.ts';
import { Rewrite } from './rewrite.tsx';

/** `day` stands above it, where it is the first of one. */
export function Remembered({ item, day, when }: { readonly item: MemoryItem; readonly day: string | null; readonly when: string }) {
  const { say, locale } = useTexts();
  const [editing, setEditing] = useState(false);
  const leave = () => {
    setEditing(false);
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-item="${item.id}"] button`)?.focus());
  };
  return (
    <li data-item={item.id} data-superseded={item.superseded || undefined}>
      {day !== null && <h3 className="memory-day">{day}</h3>}
      <div className="memory-item">
        <p className="memory-about">
          {item.kind !== 'turn' && <span className="memory-kind">{say(`memory.one.${item.kind}`)}</span>}
          <span dir="auto">{item.author === 'person' ? say('said.label') : item.author}</span>
          <time>{when}</time>
          {item.validUntil !== null && <span className="memory-until">{say('memory.until', { day: dayName(item.validUntil, Date.now(), locale) })}</span>}
        </p>
        {editing ? (
          <Rewrite item={item} onClose={leave} />
        ) : (
          <p className="memory-text" dir="auto">
            {item.text}
          </p>
        )}
        {!editing && <Actions item={item} onEdit={() => setEditing(true)} />}
      </div>
    </li>
  );
}

function Actions({ item, onEdit }: { readonly item: MemoryItem; readonly onEdit: () => void }) {
  const { say } = useTexts();
  const { gestures } = useParts();
  const { id, kind, text, conversation, source, superseded } = item;
  return (
    <div className="memory-buttons">
      {item.item !== null && conversation !== null ? (
        <Button className="text-button" onPress={() => void gestures.select(conversation, item.item)}>
          <MessageSquareQuote />
          {say('memory.why')}
        </Button>
      ) : (
        <span className="memory-source">{say(conversation === null ? 'memory.from' : 'memory.fromDeleted', { source })}</span>
      )}
      {kind === 'fact' && !superseded && (
        <IconButton label={say('memory.pin')} onPress={() => void gestures.rewrite({ item: id, kind: 'profile', text })}>
          <Pin />
        </IconButton>
      )}
      {(kind === 'fact' || kind === 'profile') && !superseded && (
        <IconButton label={say('memory.edit')} onPress={onEdit}>
          <Pencil />
        </IconButton>
      )}
      <IconButton
        label={say('memory.forget')}
        onPress={({ target }) => {
          stepAside(target);
          void gestures.forget(item);
        }}
      >
        <Trash2 />
      </IconButton>
    </div>
  );
}

/** The keyboard goes on at the next item, since this one is about to leave. */
function stepAside(button: Element): void {
  const row = button.closest('li');
  const next = (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>('.memory-buttons button:last-child');
  (next ?? document.querySelector<HTMLElement>('.memory-search input'))?.focus();
}

// Where one writes: the text with its draft, the folder and the model, and Send, Stop or Run in the background.
import { ArrowUp, Clock, Square, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { ConversationId } from '../../electron/contract/id.ts';
import { directionOf } from '../markdown/direction.ts';
import { IconButton } from '../parts/icon-button.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { activeTurn, emptyThread, type SaidItem } from '../state/thread-state.ts';
import { useTexts } from '../texts/texts.ts';
import { FolderChip } from './folder.tsx';
import { composerKey } from './ime.ts';
import { ModelChip } from './model.tsx';

/** Growing with a longer text would be felt with every key; its box is as high as it gets. In characters. */
const longest = 10_000;

export function Composer({ conversation }: { readonly conversation: ConversationId }) {
  const { say } = useTexts();
  const { gestures } = useParts();
  const writing = useWriting(conversation);
  const working = useWindow((state) => activeTurn(state.threads[conversation] ?? emptyThread) !== null);
  const isEmpty = writing.text.trim() === '';
  return (
    <section className="composer" aria-label={say('composer.region')}>
      {writing.edited !== null && (
        <p className="composer-editing">
          <span>{say('composer.editing')}</span>
          <IconButton label={say('composer.cancelEdit')} onPress={() => gestures.edit(conversation, null)}>
            <X />
          </IconButton>
        </p>
      )}
      <textarea
        ref={writing.field}
        aria-label={say('composer.label')}
        placeholder={say(working ? 'composer.hintWorking' : 'composer.hint')}
        value={writing.text}
        dir={directionOf(writing.text)}
        data-long={writing.text.length > longest || undefined}
        rows={1}
        onChange={(event) => writing.write(event.target.value)}
        onKeyDown={writing.onKeyDown}
      />
      <div className="composer-foot">
        <FolderChip conversation={conversation} />
        <ModelChip conversation={conversation} />
        <span className="composer-gap" />
        <IconButton label={say('composer.background')} isDisabled={isEmpty || writing.edited !== null} onPress={() => writing.send(true)}>
          <Clock />
        </IconButton>
        {working && (
          <Button className="round-button stop-button" aria-label={say('composer.stop')} onPress={() => void gestures.stop()}>
            <Square />
          </Button>
        )}
        {(!working || !isEmpty) && (
          <Button className="round-button send-button" aria-label={say('composer.send')} isDisabled={isEmpty} onPress={() => writing.send(false)}>
            <ArrowUp />
          </Button>
        )}
      </div>
    </section>
  );
}

/** The draft, or while a message is edited, that message. */
function useWriting(conversation: ConversationId) {
  const { gestures } = useParts();
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useWindow((state) => state.drafts[conversation] ?? state.conversations[conversation]?.draft ?? '');
  const items = useWindow((state) => state.threads[conversation]?.items ?? emptyThread.items);
  const run = useWindow((state) => (state.editing?.conversation === conversation ? state.editing.run : null));
  const edited = run === null ? null : (items.find((item): item is SaidItem => item.type === 'said' && item.run === run) ?? null);
  const [editedText, setEditedText] = useState('');
  const editedRun = edited?.run ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text starts anew with another edit, not when the item changes
  useEffect(() => {
    setEditedText(edited?.text ?? '');
    // After a click in the list, which takes the focus a little later; a person who walks the list by keys stays there.
    const frame = requestAnimationFrame(() => {
      if (!isWalkingList()) field.current?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [editedRun]);
  const text = edited === null ? draft : editedText;

  function send(background: boolean): void {
    void gestures.send(text, { background, ...(edited === null ? {} : { replaces: edited.run }) });
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    const action = composerKey(event.nativeEvent, text);
    const last = items.findLast((item): item is SaidItem => item.type === 'said');
    if (action === 'type' || (action === 'edit-last' && last === undefined)) return;
    event.preventDefault();
    if (action === 'edit-last') gestures.edit(conversation, last?.run ?? null);
    else send(action === 'background' && edited === null);
  }

  return { field, text, edited, send, onKeyDown, write: (next: string) => (edited === null ? gestures.draft(conversation, next) : setEditedText(next)) };
}

function isWalkingList(): boolean {
  return document.querySelector('.row[data-focus-visible], [role="dialog"]') !== null;
}

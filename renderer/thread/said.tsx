// What the person said: a bubble at the right, with copying and editing; and one still on its way.
import { CircleAlert, Pencil } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { ConversationId } from '../../electron/contract/id.ts';
import { TryAgain } from '../answer/retry.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import type { Pending, SaidItem } from '../state/thread-state.ts';
import { clock, count } from '../texts/figures.ts';
import { useTexts } from '../texts/texts.ts';

interface Props {
  readonly item: SaidItem;
  /** Nothing came after it, and nothing is at work on it. */
  readonly isUnanswered: boolean;
}

export function Said({ item, isUnanswered }: Props) {
  const { say, locale } = useTexts();
  const { gestures } = useParts();
  const isEdited = useWindow((state) => state.editing?.run === item.run && state.editing.conversation === item.conversation);
  return (
    <article className="said" aria-label={say('said.label')} data-edited={isEdited || undefined}>
      <div className="said-actions">
        <time>{clock(item.at, locale)}</time>
        <CopyButton text={item.text} label={say('said.copy')} />
        <IconButton label={say('said.edit')} onPress={() => gestures.edit(item.conversation, item.run)}>
          <Pencil />
        </IconButton>
      </div>
      <div className="said-column">
        <Bubble text={item.text} />
        {isUnanswered && (
          <p className="said-state">
            {say('said.unanswered')}
            <TryAgain run={item.run} />
          </p>
        )}
      </div>
    </article>
  );
}

/** Laying out a whole book at once would be felt; it is shown when asked for. In characters. */
const longest = 12_000;

function Bubble({ text, isPending = false }: { readonly text: string; readonly isPending?: boolean }) {
  const { say, locale } = useTexts();
  const [whole, setWhole] = useState(text.length <= longest);
  return (
    <div className={isPending ? 'bubble bubble-pending' : 'bubble'} dir="auto">
      {whole ? text : `${text.slice(0, longest)}…`}
      {!whole && (
        <Button className="text-button bubble-more" onPress={() => setWhole(true)}>
          {say('said.showAll', { characters: count(text.length, locale) })}
        </Button>
      )}
    </div>
  );
}

export function Outgoing({ conversation, pending }: { readonly conversation: ConversationId; readonly pending: Pending }) {
  const { say, tell } = useTexts();
  const { gestures } = useParts();
  return (
    <article className="said" aria-label={say('said.label')}>
      <div className="said-column">
        <Bubble text={pending.text} isPending />
        {pending.fault === null ? (
          <p className="said-state">{say('said.sending')}</p>
        ) : (
          <div className="said-state said-failed" role="alert">
            <CircleAlert />
            <span>{tell(pending.fault)}</span>
            <Button className="text-button" onPress={() => void gestures.resend(conversation, pending)}>
              {say('answer.tryAgain')}
            </Button>
            <Button
              className="text-button"
              onPress={() => {
                gestures.discard(conversation, pending.key);
                gestures.draft(conversation, pending.text);
              }}
            >
              {say('said.takeBack')}
            </Button>
          </div>
        )}
      </div>
    </article>
  );
}

// One conversation in the list: who, what was said last, when, and whether it wants the person.
import { Pencil, Trash2 } from 'lucide-react';
import { GridListItem, MenuItem } from 'react-aria-components';
import type { Conversation } from '../../electron/contract/conversation.ts';
import { More } from '../parts/more.tsx';
import { useParts, useWindow } from '../state/context.tsx';
import { shortTime } from '../texts/figures.ts';
import { type Say, useTexts } from '../texts/texts.ts';

const hues = 6;
/** More does not fit a row. In characters. */
const shownOfDraft = 200;

interface Props {
  readonly conversation: Conversation;
  readonly now: number;
  readonly onRename: (conversation: Conversation) => void;
}

export function Row({ conversation, now, onRename }: Props) {
  const { say, locale } = useTexts();
  const { gestures } = useParts();
  const draft = useWindow((state) => (state.selected === conversation.id ? '' : (state.drafts[conversation.id] ?? conversation.draft)).trim());
  const title = conversation.title || say('conversation.untitled');
  return (
    <GridListItem id={conversation.id} className="row" textValue={describe(conversation, title, say)}>
      <span className="avatar" data-hue={conversation.id % hues} data-busy={conversation.busy || undefined} aria-hidden="true">
        {[...title][0]?.toLocaleUpperCase(locale)}
      </span>
      <span className="row-text">
        <span className="row-line">
          <span className="row-title" dir="auto">
            {title}
          </span>
          <time className="row-time">{shortTime(conversation.updatedAt, now, locale)}</time>
        </span>
        <span className="row-line">
          <span className="row-preview" dir="auto">
            {draft !== '' && <em className="row-draft">{say('list.draft')} </em>}
            {draft !== '' ? draft.slice(0, shownOfDraft) : conversation.preview || say('list.nothingYet')}
          </span>
          <Attention conversation={conversation} />
        </span>
      </span>
      <More label={say('list.menu', { title })} className="row-menu">
        <MenuItem className="menu-item" onAction={() => onRename(conversation)}>
          <Pencil />
          {say('list.rename')}
        </MenuItem>
        <MenuItem className="menu-item menu-item-grave" onAction={() => void gestures.remove(conversation.id)}>
          <Trash2 />
          {say('list.delete')}
        </MenuItem>
      </More>
    </GridListItem>
  );
}

/** Two levels: filled where the person is needed, quiet where there is something new. */
function Attention({ conversation }: { readonly conversation: Conversation }) {
  const { say } = useTexts();
  if (conversation.needsYou) return <span className="badge badge-needed">{say('list.needsYou')}</span>;
  return conversation.unread > 0 ? <span className="badge">{conversation.unread > 99 ? '99+' : conversation.unread}</span> : null;
}

function describe(conversation: Conversation, title: string, say: Say): string {
  const words = [title];
  if (conversation.needsYou) words.push(say('list.needsYou'));
  if (conversation.unread > 0) words.push(say('list.unread', { count: conversation.unread }));
  if (conversation.busy) words.push(say('list.busy'));
  return words.join(', ');
}

// Finds conversations by title and by what was said in them; Enter opens the place.
import { Search as SearchIcon } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { Autocomplete, Dialog, Input, Label, ListBox, ListBoxItem, Modal, ModalOverlay, SearchField } from 'react-aria-components';
import type { SearchHit } from '../../electron/contract/conversation.ts';
import { isComposing } from '../composer/ime.ts';
import { useAnswer } from '../form/answer.ts';
import { useNow } from '../parts/clock.ts';
import { useParts, useWindow } from '../state/context.tsx';
import { newestFirst } from '../state/window-state.ts';
import { shortTime } from '../texts/figures.ts';
import { useTexts } from '../texts/texts.ts';

const pause = 120;
const recent = 8;

export function Search({ onClose }: { readonly onClose: () => void }) {
  const { say } = useTexts();
  const { gestures } = useParts();
  const [query, setQuery] = useState('');
  const hits = useHits(query.trim());
  const open = (hit: SearchHit | undefined) => {
    if (hit !== undefined) void gestures.select(hit.conversation, hit.item);
  };
  /** Enter opens the chosen hit, which the list sees to, and the first one where none is chosen. */
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter' && !isComposing(event.nativeEvent) && !event.currentTarget.getAttribute('aria-activedescendant')) open(hits[0]);
  };
  return (
    <ModalOverlay className="veil veil-top" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="modal modal-search">
        <Dialog className="dialog" aria-label={say('search.title')}>
          <Autocomplete inputValue={query} onInputChange={setQuery}>
            <SearchField className="search-field" autoFocus aria-label={say('search.title')}>
              <Label className="unseen">{say('search.title')}</Label>
              <SearchIcon />
              <Input placeholder={say('search.hint')} onKeyDown={onKeyDown} />
            </SearchField>
            <ListBox
              className="hits"
              aria-label={say('search.results')}
              items={hits.map((hit) => ({ ...hit, id: idOf(hit) }))}
              selectionMode="none"
              onAction={(key) => open(hits.find((hit) => idOf(hit) === key))}
              renderEmptyState={() => <p className="hits-empty">{say('search.nothing', { query })}</p>}
            >
              {(hit) => <Hit hit={hit} id={hit.id} />}
            </ListBox>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function idOf(hit: SearchHit): string {
  return `${hit.conversation} ${hit.item ?? ''}`;
}

function Hit({ hit, id }: { readonly hit: SearchHit; readonly id: string }) {
  const { say, locale } = useTexts();
  const now = useNow(null);
  const title = hit.title || say('conversation.untitled');
  return (
    <ListBoxItem id={id} className="hit" textValue={title}>
      <span className="row-line">
        <span className="row-title" dir="auto">
          {title}
        </span>
        <time className="row-time">{shortTime(hit.at, now, locale)}</time>
      </span>
      <span className="row-preview" dir="auto">
        {piecesOf(hit.excerpt)}
      </span>
    </ListBoxItem>
  );
}

/** While nothing is asked for, the latest conversations. */
function useHits(query: string): readonly SearchHit[] {
  const conversations = useWindow((state) => state.conversations);
  const found = useAnswer('conversation.search', query === '' ? null : { query }, pause);
  if (query !== '') return found?.ok ? found.value.hits : [];
  return newestFirst({ conversations })
    .slice(0, recent)
    .map((each) => ({ conversation: each.id, title: each.title, item: null, excerpt: each.preview, at: each.updatedAt }));
}

/** The match stands between U+0002 and U+0003. */
function piecesOf(excerpt: string) {
  const [before = '', match = '', after] = excerpt.split('\u0002').flatMap((piece) => piece.split('\u0003'));
  return [before, <mark key="match">{match}</mark>, after];
}

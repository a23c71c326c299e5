// The left side of the window: every conversation by its last activity, and the ways to begin, find and set up.
import { Brain, Keyboard, ListChecks, Search, Settings, SquarePen } from 'lucide-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { Button, GridList, ListLayout, Virtualizer } from 'react-aria-components';
import type { Conversation } from '../../electron/contract/conversation.ts';
import { useNow } from '../parts/clock.ts';
import { IconButton } from '../parts/icon-button.tsx';
import { Mark } from '../parts/mark.tsx';
import { silent } from '../parts/roles.ts';
import { useParts, useWindow } from '../state/context.tsx';
import { isUnderWay } from '../state/thread-state.ts';
import { newestFirst } from '../state/window-state.ts';
import { useTexts } from '../texts/texts.ts';
import { Rename } from './rename.tsx';
import { Row } from './row.tsx';

/** Only the rows in view are drawn; all are of one height, in pixels. */
const rowSizes = { rowSize: 62, gap: 2 };

interface Props {
  readonly onChosen: () => void;
  /** Every key pressed in the list, first. */
  readonly onKey: (event: KeyboardEvent) => void;
}

export function ConversationList({ onChosen, onKey }: Props) {
  const { say } = useTexts();
  const { gestures } = useParts();
  const conversations = useWindow((state) => state.conversations);
  const selected = useWindow((state) => state.selected);
  const sorted = useMemo(() => newestFirst({ conversations }), [conversations]);
  const now = useNow(60_000);
  const [renaming, setRenaming] = useState<Conversation | null>(null);

  function onKeyDown(event: KeyboardEvent): void {
    onKey(event);
    const row = event.target instanceof Element ? event.target.closest('[role="row"]') : null;
    const conversation = row === null ? undefined : conversations[Number(row.getAttribute('data-key'))];
    if (conversation === undefined || event.target !== row) return;
    if (event.key === 'F2') setRenaming(conversation);
    if (event.key === 'Delete') void gestures.remove(conversation.id);
  }

  return (
    <nav className="side" aria-label={say('list.label')} onKeyDown={onKeyDown}>
      <Top onChosen={onChosen} />
      <Virtualizer layout={ListLayout} layoutOptions={rowSizes}>
        <GridList
          className="rows"
          aria-label={say('list.label')}
          items={sorted}
          dependencies={[now]}
          selectionMode="single"
          selectionBehavior="replace"
          disallowEmptySelection
          keyboardNavigationBehavior="tab"
          selectedKeys={selected === null ? [] : [selected]}
          onSelectionChange={(keys) => {
            const [key] = keys === 'all' ? [] : keys;
            if (typeof key !== 'number') return;
            void gestures.select(key);
            // Who walks the list by keys is still looking, until they press Enter.
            if (document.querySelector('.row[data-focus-visible]') === null) onChosen();
          }}
          onAction={(key) => {
            void gestures.select(Number(key));
            onChosen();
          }}
          renderEmptyState={() => <p className="rows-empty">{say('list.empty')}</p>}
        >
          {(conversation) => <Row conversation={conversation} now={now} onRename={setRenaming} />}
        </GridList>
      </Virtualizer>
      <Bottom />
      {renaming !== null && <Rename conversation={renaming} onClose={() => setRenaming(null)} />}
    </nav>
  );
}

function Top({ onChosen }: { readonly onChosen: () => void }) {
  const isMac = useWindow((state) => state.app?.platform === 'darwin');
  const { say } = useTexts();
  const { gestures, setup } = useParts();
  return (
    <header className="side-head">
      <div className="brand">
        <Mark />
        <p>Nacre</p>
        <IconButton
          label={say('list.new')}
          className="new-button"
          onPress={() => {
            void gestures.begin();
            onChosen();
          }}
        >
          <SquarePen />
        </IconButton>
      </div>
      <Button className="search-button" onPress={() => setup.show('search')}>
        <Search />
        <span>{say('list.search')}</span>
        <kbd {...silent}>{isMac ? '⌘K' : 'Ctrl K'}</kbd>
      </Button>
    </header>
  );
}

function Bottom() {
  const { say } = useTexts();
  const { setup } = useParts();
  const busy = useWindow((state) => Object.values(state.tasks).filter((task) => isUnderWay(task.state)).length);
  return (
    <footer className="side-foot">
      <Button className="foot-button" onPress={() => setup.show('tasks')}>
        <ListChecks />
        {say('list.tasks')}
        {busy > 0 && <span className="badge">{busy}</span>}
      </Button>
      <Button className="foot-button" onPress={() => setup.show('memory')}>
        <Brain />
        {say('list.memory')}
      </Button>
      <IconButton label={say('list.keys')} onPress={() => setup.show('keys')}>
        <Keyboard />
      </IconButton>
      <IconButton label={say('list.settings')} onPress={() => setup.show('settings')}>
        <Settings />
      </IconButton>
    </footer>
  );
}

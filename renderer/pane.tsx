// The right side of the window: the open conversation with its title, its thread, and what one writes with.
import { Menu as MenuIcon, WifiOff } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from 'react-aria-components';
import { Dock } from './approval/dock.tsx';
import { Composer } from './composer/composer.tsx';
import { IconButton } from './parts/icon-button.tsx';
import { Notices } from './parts/notices.tsx';
import { WhereMark, whereOf } from './parts/where.tsx';
import { FirstStart } from './start/first-start.tsx';
import { useParts, useWindow } from './state/context.tsx';
import { canAnswer, modelFor, newestFirst } from './state/window-state.ts';
import { useTexts } from './texts/texts.ts';

import { Thread } from './thread/thread.tsx';

export function Pane({ onShowList, isCovered }: { readonly onShowList: () => void; readonly isCovered: boolean }) {
  const selected = useWindow((state) => state.selected);
  const beginning = useWindow((state) => state.beginning);
  const isNew = useWindow((state) => state.app !== null && !canAnswer(state) && Object.values(state.conversations).every((each) => each.preview === ''));
  const loaded = useWindow((state) => state.app !== null);
  useSomethingOpen(loaded && !isNew && selected === null && !beginning);
  return (
    <main className="pane" inert={isCovered}>
      <Head onShowList={onShowList} isNew={isNew} />
      <Notices />
      {loaded && isNew && <FirstStart />}
      {loaded && !isNew && selected !== null && (
        <>
          <Thread key={selected} conversation={selected} />
          <Dock conversation={selected} />
          <NoModel />
          <Composer key={`composer-${selected}`} conversation={selected} />
        </>
      )}
    </main>
  );
}

/** Where nothing is open, the newest conversation is opened, or the first one begun. */
function useSomethingOpen(isNeeded: boolean): void {
  const { store, gestures } = useParts();
  useEffect(() => {
    if (!isNeeded) return;
    const newest = newestFirst(store.getState())[0];
    void (newest === undefined ? gestures.begin() : gestures.select(newest.id));
  }, [isNeeded, store, gestures]);
}

function Head({ onShowList, isNew }: { readonly onShowList: () => void; readonly isNew: boolean }) {
  const { say } = useTexts();
  const offline = useWindow((state) => state.settings.offline);
  const conversation = useWindow((state) => (state.selected === null ? undefined : state.conversations[state.selected]));
  const model = useWindow((state) => modelFor(state, state.selected));
  return (
    <header className="pane-head">
      <IconButton label={say('pane.showList')} className="list-toggle" onPress={onShowList}>
        <MenuIcon />
      </IconButton>
      <h1 dir="auto">{isNew ? say('start.heading') : conversation?.title || say('conversation.untitled')}</h1>
      {offline && (
        <p className="offline-label">
          <WifiOff />
          {say('pane.offline')}
        </p>
      )}
      {!isNew && model !== null && <WhereMark where={whereOf(model.kind)} />}
    </header>
  );
}

/** The model is gone or was never chosen, but there are conversations to read. */
function NoModel() {
  const { say, tell } = useTexts();
  const { setup } = useParts();
  const current = useWindow((state) => state.models.find((model) => model.current));
  if (current !== undefined && current.fault === null) return null;
  return (
    <div className="notice notice-inline" role="status">
      <span>{current?.fault ? tell(current.fault) : say('model.noneChosen')}</span>
      <Button className="text-button" onPress={() => setup.show('models')}>
        {say('model.choose')}
      </Button>
    </div>
  );
}

// The whole window: the list at left, the open conversation at right, and what lies above them.
import { useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { I18nextProvider } from 'react-i18next';
import { languageFor } from '../electron/contract/words.ts';
import { useDrawer } from './list/drawer.ts';
import { ConversationList } from './list/list.tsx';
import { Search } from './list/search.tsx';
import { MemoryPanel } from './memory/panel.tsx';
import { Pane } from './pane.tsx';
import { KeysPanel } from './panels/keys.tsx';
import { SettingsPanel } from './panels/settings.tsx';
import { Toasts } from './parts/toasts.tsx';
import { useShortcuts } from './shortcuts.ts';
import { useParts, useWindow } from './state/context.tsx';
import { TaskForm } from './tasks/form.tsx';
import { TasksPanel } from './tasks/panel.tsx';
import { createTexts, useTexts } from './texts/texts.ts';

export function NacreWindow() {
  const language = useWindow((state) => languageFor(state.settings.language, state.app?.locale ?? navigator.language));
  const [texts] = useState(() => createTexts(language));
  const theme = useWindow((state) => state.settings.theme);
  useEffect(() => {
    void texts.changeLanguage(language);
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [texts, language]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <I18nextProvider i18n={texts}>
      <I18nProvider locale={language === 'zh' ? 'zh-CN' : 'en-GB'}>
        <Rooms />
      </I18nProvider>
    </I18nextProvider>
  );
}

function Rooms() {
  const drawer = useDrawer();
  useShortcuts();
  return (
    <div className="window" data-list={drawer.shown || undefined}>
      <ConversationList onChosen={drawer.leave} onKey={drawer.onKeyDown} />
      <button type="button" className="list-veil" aria-hidden="true" tabIndex={-1} onClick={drawer.close} />
      <Pane onShowList={drawer.open} isCovered={drawer.shown} />
      <Panels />
      <Toasts />
      <Announcer />
    </div>
  );
}

function Panels() {
  const { setup } = useParts();
  const panel = useWindow((state) => state.panel);
  const draft = useWindow((state) => state.draft);
  const close = () => setup.show(null);
  switch (panel) {
    case 'settings':
    case 'models':
      return <SettingsPanel tab={panel} onClose={close} />;
    case 'tasks':
      return <TasksPanel onClose={close} />;
    case 'memory':
      return <MemoryPanel onClose={close} />;
    case 'task-form':
      return <TaskForm opened={draft} onClose={close} />;
    case 'keys':
      return <KeysPanel onClose={close} />;
    case 'search':
      return <Search onClose={close} />;
    case null:
      return null;
  }
}

const spoken = 600;

/** Tells screen readers of completed answers only, not of every word as it comes. */
function Announcer() {
  const { say } = useTexts();
  const announced = useWindow((state) => state.announced);
  return (
    <p className="unseen" aria-live="polite">
      {announced === '' ? '' : say('announce.answer', { text: announced.slice(0, spoken) })}
    </p>
  );
}

// Where the window begins: builds the store over the bridge, reads the assistant's state, and draws.
import './look/look.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { PartsProvider } from './state/context.tsx';
import { createGestures } from './state/gestures.ts';
import { createSetup } from './state/setup.ts';
import { createWindowStore } from './state/store.ts';
import { NacreWindow } from './window.tsx';

const lastOpen = 'nacre.conversation';

async function begin(root: HTMLElement): Promise<void> {
  const store = createWindowStore(window.nacre);
  const setup = createSetup(store);
  const gestures = createGestures(store, (selected) => localStorage.setItem(lastOpen, String(selected)));
  window.addEventListener('pagehide', () => void gestures.keepNow());
  document.addEventListener('visibilitychange', () => document.hidden && void gestures.keepNow());
  // Asked for outside the window: a notification was clicked.
  window.nacre.subscribe((event) => {
    if (event.type === 'conversation.shown') void gestures.select(event.conversation);
  });
  const first = await setup.load(Number(localStorage.getItem(lastOpen)) || null);
  createRoot(root).render(
    <StrictMode>
      <PartsProvider parts={{ store, gestures, setup }}>
        <NacreWindow />
      </PartsProvider>
    </StrictMode>,
  );
  if (first !== null) await gestures.select(first);
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element named root');
void begin(root);

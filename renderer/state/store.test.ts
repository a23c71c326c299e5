import { expect, test } from 'vitest';
import type { Conversation } from '../../electron/contract/conversation.ts';
import type { Event } from '../../electron/contract/event.ts';
import type { Bridge } from '../bridge.ts';
import { createGestures } from './gestures.ts';
import { createSetup } from './setup.ts';
import { createWindowStore } from './store.ts';
import { emptyWindow } from './window-state.ts';

const conversation: Conversation = {
  id: 1,
  title: 'One',
  folder: null,
  model: null,
  createdAt: 1,
  updatedAt: 1,
  preview: '',
  unread: 0,
  needsYou: false,
  busy: false,
  draft: '',
  scroll: null,
};

/** A line to an assistant that the test plays itself: it answers with `answers` and says what it likes. */
function createLine(answers: Record<string, unknown> = {}) {
  const listeners = new Set<(event: Event) => void>();
  const asked: [string, unknown][] = [];
  const bridge: Bridge = {
    async request(name, payload) {
      asked.push([name, payload]);
      const fault = { code: 'request.unknown', message: `There is no request named ${name}.` };
      return (name in answers ? { ok: true, value: answers[name] } : { ok: false, fault }) as never;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const announce = (event: Event) => {
    for (const listener of listeners) listener(event);
  };
  return { bridge, asked, announce };
}

test('many events are drawn at once, in their order', async () => {
  const { bridge, announce } = createLine();
  const store = createWindowStore(bridge);
  let drawn = 0;
  store.subscribe(() => {
    drawn += 1;
  });
  for (const title of ['a', 'b', 'c']) announce({ type: 'conversation.changed', conversation: { ...conversation, title } });
  expect(drawn).toBe(0);
  await expect.poll(() => store.getState().conversations[1]?.title).toBe('c');
  expect(drawn).toBe(1);
});

test('what was announced before an answer is known when the answer is', async () => {
  const { bridge, announce } = createLine({ 'task.list': { tasks: [] } });
  const store = createWindowStore(bridge);
  announce({ type: 'conversation.changed', conversation });
  await store.request('task.list', {});
  expect(store.getState().conversations).toEqual({ 1: conversation });
});

test('a fault nobody waits for is shown, and stops nothing', async () => {
  const { bridge } = createLine();
  const store = createWindowStore(bridge);
  expect(await store.ask('task.list', {})).toBe(null);
  expect(store.getState().toasts.map((toast) => toast.fault?.code)).toEqual(['request.unknown']);
});

test('a message that could not be accepted stays in the thread with the reason, and is sent again under the same key', async () => {
  const { bridge, asked } = createLine({ 'conversation.thread': { items: [], more: false }, 'conversation.keep': {} });
  const store = createWindowStore(bridge);
  const gestures = createGestures(store, () => undefined);
  store.change(() => ({ conversations: { 1: conversation } }));
  await gestures.select(1);
  await gestures.send('Hello', { background: false });
  const [failed] = store.getState().threads[1]?.pending ?? [];
  expect(failed).toMatchObject({ text: 'Hello', fault: { code: 'request.unknown' } });
  if (failed !== undefined) await gestures.resend(1, failed);
  const posts = asked.filter(([name]) => name === 'conversation.post').map(([, payload]) => payload);
  expect(posts).toEqual([
    { conversation: 1, text: 'Hello', background: false, key: failed?.key },
    { conversation: 1, text: 'Hello', background: false, key: failed?.key },
  ]);
});

test('an empty message is not sent', async () => {
  const { bridge, asked } = createLine();
  const store = createWindowStore(bridge);
  store.change(() => ({ selected: 1 }));
  await createGestures(store, () => undefined).send(' \n ', { background: false });
  expect(asked).toEqual([]);
});

test('drafts and places are kept together, the last of each, when the window is left', async () => {
  const { bridge, asked } = createLine({ 'conversation.keep': {} });
  const gestures = createGestures(createWindowStore(bridge), () => undefined);
  gestures.draft(1, 'He');
  gestures.draft(1, 'Hello');
  gestures.scrolled(1, { item: 'm4', offset: 12 });
  await gestures.keepNow();
  expect(asked).toEqual([['conversation.keep', { conversation: 1, draft: 'Hello', scroll: { item: 'm4', offset: 12 } }]]);
});

test('of two settings changed at once the second builds on the first, and what was refused is taken back', async () => {
  const { bridge, asked } = createLine({ 'app.state': { models: [], settings: emptyWindow.settings } });
  const store = createWindowStore(bridge);
  const setup = createSetup(store);
  const hours = { from: '22:00', to: '07:00' };
  const changes = [setup.changeSettings({ quietHours: hours })];
  changes.push(setup.changeSettings({ quietHours: { ...(store.getState().settings.quietHours ?? hours), to: '08:00' } }));
  expect(store.getState().settings.quietHours).toEqual({ from: '22:00', to: '08:00' });
  await Promise.all(changes);
  expect(asked.slice(0, 2).map(([, payload]) => payload)).toEqual([{ quietHours: hours }, { quietHours: { from: '22:00', to: '08:00' } }]);
  expect(store.getState()).toMatchObject({ settings: { quietHours: null }, toasts: [{}, {}] });
});

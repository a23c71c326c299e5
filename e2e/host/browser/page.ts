// One window of the app as a page of Chromium: its preload in a world of its own, and messages to and from it.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BrowserContext, CDPSession, Page } from 'playwright';
import { quiet } from '../absent.ts';
import { createClone } from '../clone.ts';
import type { Caller, MainCalls, WindowShape } from '../wire.ts';
import { fromPage, toPage } from './address.ts';
import { bridgeWorld, ipcWorld, pageWorld, requireWorld } from './worlds.ts';

const worldName = 'stand-in preload';
const clone = createClone();

export type StandInPage = {
  readonly page: Page;
  load(url: string): Promise<void>;
  send(channel: string, args: readonly unknown[]): Promise<void>;
  /** True while the main process itself is loading an address. */
  isLoading(): boolean;
};

type Posted = { readonly type: 'invoke' | 'send' | 'focus' | 'blur'; readonly id: number; readonly channel: string; readonly value: string };

/** Takes over an empty page. */
export async function takePage(page: Page, context: BrowserContext, window: number, shape: WindowShape, main: Caller<MainCalls>): Promise<StandInPage> {
  const session = await context.newCDPSession(page);
  const world = await followWorld(session);
  let loading = false;
  const deliver = async (message: object): Promise<void> => {
    const contextId = world();
    // A page that is going away hears nothing, as in Electron.
    if (contextId !== null) await session.send('Runtime.evaluate', { contextId, expression: `standInDeliver(${JSON.stringify(JSON.stringify(message))})` });
  };
  session.on('Runtime.bindingCalled', ({ payload, executionContextId }) => {
    if (executionContextId === world()) quiet(receive(JSON.parse(payload) as Posted, window, page, main, deliver));
  });
  if (shape.preload !== null) await addScripts(session, readFileSync(shape.preload, 'utf8'));
  tellProgress(page, window, main);
  return {
    page,
    isLoading: () => loading,
    send: (channel, args) => deliver({ channel, value: clone.encode(args) }),
    load: async (url) => {
      loading = true;
      await page.goto(toPage(url)).finally(() => {
        loading = false;
      });
    },
  };
}

/** Keeps the number of the main frame's isolated world, null between pages. */
async function followWorld(session: CDPSession): Promise<() => number | null> {
  let current: number | null = null;
  const { frameTree } = await session.send('Page.getFrameTree');
  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { frameId } = context.auxData as { frameId?: string };
    if (context.name === worldName && frameId === frameTree.frame.id) current = context.id;
  });
  session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    if (executionContextId === current) current = null;
  });
  session.on('Runtime.executionContextsCleared', () => {
    current = null;
  });
  await session.send('Page.enable');
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: 'standInPost', executionContextName: worldName });
  return () => current;
}

async function addScripts(session: CDPSession, preload: string): Promise<void> {
  const secret = JSON.stringify(randomUUID());
  const onTop = (script: string): string => `if (window === window.top && location.href !== 'about:blank') { ${script} }`;
  const makeClone = `(${createClone.toString()})()`;
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: onTop(`(${pageWorld.toString()})(${secret}, ${makeClone});`) });
  const require = `(${requireWorld.toString()})({ contextBridge: (${bridgeWorld.toString()})(${secret}, clone), ipcRenderer: (${ipcWorld.toString()})(clone) })`;
  const body = `const clone = ${makeClone}; const require = ${require}; const module = { exports: {} }; const exports = module.exports; ${preload}\n`;
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: onTop(body), worldName });
}

async function receive(posted: Posted, window: number, page: Page, main: Caller<MainCalls>, deliver: (message: object) => Promise<void>): Promise<void> {
  if (posted.type === 'focus' || posted.type === 'blur') return main.happened(window, posted.type);
  const from = fromPage(page.url());
  const args = clone.decode(posted.value) as unknown[];
  if (posted.type === 'send') return main.message(window, from, posted.channel, args);
  try {
    await deliver({ id: posted.id, value: clone.encode(await main.invoke(window, from, posted.channel, args)) });
  } catch (error) {
    await deliver({ id: posted.id, error: error instanceof Error ? error.message : String(error), value: '' });
  }
}

function tellProgress(page: Page, window: number, main: Caller<MainCalls>): void {
  const tell = (event: string): void => quiet(main.happened(window, event));
  page.on('domcontentloaded', () => tell('dom-ready'));
  page.on('load', () => tell('did-finish-load'));
  page.once('load', () => tell('ready-to-show'));
}

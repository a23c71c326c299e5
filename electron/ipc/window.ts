// The contract, served to the window: each request is checked by sender, name and payload; the page gathers the events for itself.
import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import type { Event, Listener } from '../contract/event.ts';
import { fault, type Reply } from '../contract/fault.ts';
import type { Handlers } from '../contract/request.ts';
import type { Log } from '../log.ts';
import { answer } from './answer.ts';

export type WindowLine = {
  readonly handlers: Handlers;
  readonly subscribe: (listener: Listener) => () => void;
  readonly log: Log;
  /** Where our page lives: `app://main`. */
  readonly origin: string;
  /** The window's contents; null while there is none. */
  readonly contents: () => WebContents | null;
};

/** Serves until stopped. Once at a time: the names of the channels are fixed. */
export function serveWindow({ handlers, subscribe, log, origin, contents }: WindowLine) {
  // Contents that have asked for events since their page was loaded.
  const listening = new Set<WebContents>();
  const trusts = (event: IpcMainEvent | IpcMainInvokeEvent): boolean => event.sender === contents() && isOurPage(event, origin);
  const tell = (event: Event): void => {
    for (const target of listening) if (!target.isDestroyed()) target.send('event', event);
  };
  const unsubscribe = subscribe(tell);

  ipcMain.handle('request', async (event, name: unknown, payload: unknown) => {
    if (!trusts(event)) return refuse(log, event, String(name).slice(0, 100));
    return answer(handlers, log, name, payload);
  });
  ipcMain.on('listen', (event) => {
    if (trusts(event)) listen(listening, event.sender);
  });
  const stop = (): void => {
    unsubscribe();
    ipcMain.removeHandler('request');
    ipcMain.removeAllListeners('listen');
  };
  /** `tell` announces something to the window alone. */
  return { tell, stop };
}

function refuse(log: Log, { senderFrame }: IpcMainInvokeEvent, name: string): Reply<never> {
  log.warn('request.refused', { name, from: senderFrame?.origin ?? 'no frame' });
  return { ok: false, fault: fault('request.invalid', { name, reason: 'it does not come from the window of Nacre' }) };
}

/** Fails closed: a frame that is gone, nested, or on another origin is not ours. */
function isOurPage({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent, origin: string): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.url.startsWith(`${origin}/`);
}

/** Until its page goes away: the next one asks again when it is ready. */
function listen(listening: Set<WebContents>, contents: WebContents): void {
  if (listening.has(contents)) return;
  listening.add(contents);
  const forget = (): void => void listening.delete(contents);
  contents.once('did-start-loading', forget);
  contents.once('destroyed', forget);
}

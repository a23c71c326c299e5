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
  // The contents whose page has asked for events; the next page asks again when it is ready.
  let listening: WebContents | null = null;
  const trusts = (event: IpcMainEvent | IpcMainInvokeEvent): boolean => event.sender === contents() && isOurPage(event, origin);
  const tell = (event: Event): void => {
    if (listening?.isDestroyed() === false) listening.send('event', event);
  };
  const unsubscribe = subscribe(tell);

  ipcMain.handle('request', async (event, name: unknown, payload: unknown) => {
    if (!trusts(event)) return refuse(log, event, String(name).slice(0, 100));
    return answer(handlers, log, name, payload);
  });
  ipcMain.on('listen', (event) => {
    if (!trusts(event) || listening === event.sender) return;
    listening = event.sender;
    event.sender.once('did-start-loading', () => {
      listening = null;
    });
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

// `ipcMain`: answers what pages ask through their preload. Values have been cloned on the way, as in Electron.
import { EventEmitter } from 'node:events';
import type { IpcMain } from 'electron';
import type { StandInWindow } from './window.ts';

type Handler = Parameters<IpcMain['handle']>[1];
type InvokeEvent = Parameters<Handler>[0];
type Ours = Partial<Omit<IpcMain, keyof EventEmitter>>;

export function createIpc() {
  const events = new EventEmitter();
  const handlers = new Map<string, Handler>();
  const known = {
    handle: (channel: string, handler: Handler) => {
      if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
      handlers.set(channel, handler);
    },
    handleOnce: (channel: string, handler: Handler) => {
      handlers.set(channel, (...args) => {
        handlers.delete(channel);
        return handler(...args);
      });
    },
    removeHandler: (channel: string) => void handlers.delete(channel),
  } satisfies Ours;
  const invoke = async (window: StandInWindow, url: string, channel: string, args: readonly unknown[]): Promise<unknown> => {
    const handler = handlers.get(channel);
    if (handler === undefined) throw new Error(`Error invoking remote method '${channel}': Error: No handler registered for '${channel}'`);
    try {
      return await handler(senderOf(window, url) as unknown as InvokeEvent, ...args);
    } catch (error) {
      throw new Error(`Error invoking remote method '${channel}': ${String(error)}`);
    }
  };
  const message = (window: StandInWindow, url: string, channel: string, args: readonly unknown[]): void => {
    events.emit(channel, senderOf(window, url), ...args);
  };
  return { ipcMain: Object.assign(events, known), invoke, message };
}

/** Only main frames get a preload, here as in Electron, so the frame that sends has no parent. */
function senderOf(window: StandInWindow, url: string) {
  const parsed = URL.parse(url);
  const frame = {
    url,
    origin: parsed?.host ? `${parsed.protocol}//${parsed.host}` : 'null',
    parent: null,
    detached: false,
    routingId: 1,
    processId: window.id,
  };
  return { sender: window.webContents, senderFrame: frame, frameId: 1, processId: window.id, type: 'frame' };
}

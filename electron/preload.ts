// The only door between the window and the assistant: ask, and be told. The page never sees Electron's own objects.
import { contextBridge, ipcRenderer } from 'electron';

type Listen = (event: unknown) => void;

const listeners = new Set<Listen>();

ipcRenderer.on('event', (_ipc, event: unknown) => {
  for (const listener of listeners) listener(event);
});

contextBridge.exposeInMainWorld('nacre', {
  request: (name: unknown, payload: unknown): Promise<unknown> => ipcRenderer.invoke('request', name, payload),
  subscribe: (listener: Listen): (() => void) => {
    const own: Listen = (event) => listener(event);
    listeners.add(own);
    ipcRenderer.send('listen');
    return () => void listeners.delete(own);
  },
});

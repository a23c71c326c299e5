// The modules that `import … from 'electron'` gives under the stand-in, and what they do when Chromium calls.
import type { BrowserWindowConstructorOptions } from 'electron';
import { onlyKnown } from '../absent.ts';
import { createMenus } from '../computer/menu.ts';
import { createUtilityProcess } from '../computer/process.ts';
import { createSystem } from '../computer/system.ts';
import type { BrowserCalls, Callee, Caller, MainCalls } from '../wire.ts';
import { createApp } from './app.ts';
import { createIpc } from './ipc.ts';
import { createSession } from './session.ts';
import { createWindows, type StandInWindow } from './window.ts';

export type StandIn = {
  readonly modules: object;
  readonly calls: Callee<MainCalls>;
  becomeReady(): void;
  quit(): void;
};

export function createElectron(root: string, browser: Caller<BrowserCalls>, argv: readonly string[]): StandIn {
  const windows = createWindows(browser, (window) => app.emit('web-contents-created', {}, window.webContents));
  const { utilityProcess, metrics } = createUtilityProcess();
  const { app, becomeReady } = createApp({ root, windows, argv, metrics });
  const { session, protocol, fetch, permission } = createSession(app.isReady);
  const { ipcMain, invoke, message } = createIpc();
  const known = { app, session, protocol, ipcMain, utilityProcess, ...createSystem(browser), ...createMenus() };
  const named = Object.fromEntries(Object.entries(known).map(([name, each]) => [name, onlyKnown(name, each)])) as typeof known;
  const modules = { ...named, BrowserWindow: createWindowClass(windows) };

  const find = (id: number): StandInWindow => {
    const window = windows.find(id);
    if (window === undefined) throw new Error('the window is closed');
    return window;
  };
  const calls: Callee<MainCalls> = {
    invoke: (id, url, channel, args) => invoke(find(id), url, channel, args),
    message: (id, url, channel, args) => message(find(id), url, channel, args),
    fetch: (_id, request) => fetch(request),
    mayNavigate: (id, url, isMainFrame) => find(id).webContents.mayNavigate(url, isMainFrame),
    mayOpen: (id, url) => windows.find(id)?.webContents.mayOpen(url) ?? false,
    happened: (id, event) => happened(find(id), event),
    closed: (id) => windows.find(id)?.lost(),
    permission: (id, name) => permission(windows.find(id), name),
    evaluate: (source, argument) => evaluate(modules, source, argument),
  };
  return { modules, calls, becomeReady, quit: () => app.quit() };
}

/** `new BrowserWindow()` gives the kept object itself, so that it is the same one that `getAllWindows` gives. */
function createWindowClass(windows: ReturnType<typeof createWindows>) {
  function BrowserWindow(options?: BrowserWindowConstructorOptions): StandInWindow {
    return windows.create(options);
  }
  return Object.assign(BrowserWindow, {
    getAllWindows: windows.all,
    getFocusedWindow: () => windows.all().find((window) => window.isFocused()) ?? null,
    fromId: (id: number) => windows.find(id) ?? null,
    fromWebContents: (contents: { readonly id: number }) => windows.find(contents.id) ?? null,
  });
}

function happened(window: StandInWindow, event: string): void {
  if (event === 'focus' || event === 'blur') window.setFocused(event === 'focus');
  else if (event === 'ready-to-show') window.emit(event);
  else window.webContents.emit(event);
}

/** What a test sends is a function's source; it gets Electron's modules and one argument, as in Playwright's own `evaluate`. */
async function evaluate(modules: object, source: string, argument: unknown): Promise<unknown> {
  const run = new Function(`return (${source})`)() as (electron: object, argument: unknown) => unknown;
  return await run(modules, argument);
}

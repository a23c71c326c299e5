// The one window: sandboxed, isolated, kept on our own page, allowed to ask the system for nothing but copying text.
import { BrowserWindow, nativeTheme, type Session, screen, type WebContents } from 'electron';
import { readBounds, writeBounds } from './bounds.ts';
import { origin } from './protocol.ts';

/** Copying is an action of the person; everything else that a page can ask for is refused. */
const allowedPermissions: readonly string[] = ['clipboard-sanitized-write'];

/** The colour before the page has painted: that of its own ground, so that nothing flashes. */
const grounds = { light: '#f4f2f0', dark: '#16151b' };
const sealed = { sandbox: true, contextIsolation: true, nodeIntegration: false } as const;

export type WindowOptions = {
  readonly preload: string;
  /** The file that keeps where the window was. */
  readonly state: string;
};

/** Opens the window on app://main/; it shows itself once its first paint is ready. */
export function openWindow({ preload, state }: WindowOptions): BrowserWindow {
  const { maximized, ...bounds } = readBounds(
    state,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 420,
    minHeight: 360,
    show: false,
    title: 'Nacre',
    backgroundColor: nativeTheme.shouldUseDarkColors ? grounds.dark : grounds.light,
    webPreferences: { ...sealed, preload, webviewTag: false, spellcheck: false },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => writeBounds(state, { ...window.getNormalBounds(), maximized: window.isMaximized() }));
  window.loadURL(`${origin}/`).catch((error: unknown) => process.stderr.write(`window: ${String(error)}\n`));
  return window;
}

/** Applies to every page of the app, whoever opened it: it stays where it is and opens nothing. */
export function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event, address) => {
    if (!isOurs(address)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOurs(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Refuses all that a page can ask of the system, in each of the ways in which it can ask. */
export function denyPermissions(target: Session): void {
  target.setPermissionRequestHandler((_contents, permission, answer) => answer(allowedPermissions.includes(permission)));
  target.setPermissionCheckHandler((_contents, permission) => allowedPermissions.includes(permission));
  target.setDevicePermissionHandler(() => false);
  target.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  target.setSpellCheckerEnabled(false);
}

/** The window, null while there is none. */
export function currentWindow(): BrowserWindow | null {
  return BrowserWindow.getAllWindows()[0] ?? null;
}

/** A plain window for the one sentence that explains why Nacre can't start. */
export async function showRefusal(sentence: string): Promise<void> {
  const window = new BrowserWindow({ width: 560, height: 260, title: 'Nacre', webPreferences: sealed });
  const text = sentence.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const style = 'body{font:16px/1.5 system-ui;margin:2rem;color:CanvasText;background:Canvas}h1{font-size:1.1rem}p{overflow-wrap:anywhere}';
  const page = `<!doctype html><html lang="en"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="color-scheme" content="light dark"><title>Nacre could not start</title><style>${style}</style><main><h1>Nacre could not start</h1><p>${text}</p></main></html>`;
  await window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(page)}`);
}

function isOurs(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && `${url.protocol}//${url.host}` === origin;
}

// `BrowserWindow`: a page in Chromium that this process opens, shows, hides and closes.
import { EventEmitter } from 'node:events';
import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { createEvent, onlyKnown, quiet } from '../absent.ts';
import type { BrowserCalls, Caller } from '../wire.ts';
import { StandInContents } from './contents.ts';

type Ours = Partial<Omit<BrowserWindow, keyof EventEmitter | 'webContents'>>;

export class StandInWindow extends EventEmitter implements Ours {
  readonly id: number;
  readonly webContents: StandInContents;
  private readonly browser: Caller<BrowserCalls>;
  private state = { visible: false, focused: false, minimized: false, maximized: false, destroyed: false };
  private bounds: Rectangle;
  private caption: string;

  constructor(id: number, browser: Caller<BrowserCalls>, options: BrowserWindowConstructorOptions) {
    super();
    this.id = id;
    this.browser = browser;
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    this.caption = options.title ?? '';
    this.webContents = onlyKnown('webContents', new StandInContents(id, browser));
    const preload = options.webPreferences?.preload ?? null;
    quiet(browser.openWindow(id, { width: this.bounds.width, height: this.bounds.height, preload, title: this.caption }));
    if (options.show !== false) this.show();
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }
  show(): void {
    this.state = { ...this.state, visible: true, minimized: false };
    quiet(this.browser.bringToFront(this.id));
    this.emit('show');
    this.focus();
  }
  hide(): void {
    this.state = { ...this.state, visible: false, focused: false };
    this.emit('hide');
  }
  focus(): void {
    this.setFocused(true);
  }
  blur(): void {
    this.setFocused(false);
  }
  minimize(): void {
    this.state = { ...this.state, minimized: true };
    this.setFocused(false);
    this.emit('minimize');
  }
  restore(): void {
    this.state = { ...this.state, minimized: false };
    this.emit('restore');
  }
  maximize(): void {
    this.state = { ...this.state, maximized: true };
    this.emit('maximize');
  }
  unmaximize(): void {
    this.state = { ...this.state, maximized: false };
    this.emit('unmaximize');
  }
  isVisible(): boolean {
    return this.state.visible;
  }
  isFocused(): boolean {
    return this.state.focused;
  }
  isMinimized(): boolean {
    return this.state.minimized;
  }
  isMaximized(): boolean {
    return this.state.maximized;
  }
  isDestroyed(): boolean {
    return this.state.destroyed;
  }
  getTitle(): string {
    return this.caption;
  }
  setTitle(title: string): void {
    this.caption = title;
  }
  getBounds(): Rectangle {
    return { ...this.bounds };
  }
  getNormalBounds(): Rectangle {
    return { ...this.bounds };
  }
  setBounds(bounds: Partial<Rectangle>): void {
    this.bounds = { ...this.bounds, ...bounds };
    this.emit('resize');
  }
  close(): void {
    if (this.state.destroyed) return;
    const event = createEvent({});
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }
  destroy(): void {
    if (this.state.destroyed) return;
    this.state = { ...this.state, destroyed: true, visible: false, focused: false };
    quiet(this.browser.closeWindow(this.id));
    this.webContents.destroyed();
    this.emit('closed');
  }
  /** The person's own Chromium closed the page: too late to prevent it. */
  lost(): void {
    if (this.state.destroyed) return;
    this.emit('close', createEvent({}));
    this.destroy();
  }
  setFocused(focused: boolean): void {
    if (this.state.focused === focused || this.state.destroyed) return;
    this.state = { ...this.state, focused };
    this.emit(focused ? 'focus' : 'blur');
  }
}

export type Windows = ReturnType<typeof createWindows>;

/** All windows of the process; `onOpened` hears of each one's contents before its constructor returns. */
export function createWindows(browser: Caller<BrowserCalls>, onOpened: (window: StandInWindow) => void) {
  const open = new Map<number, StandInWindow>();
  let last = 0;
  let allClosed: (quitting: boolean) => void = () => undefined;
  let quitting = false;
  const create = (options: BrowserWindowConstructorOptions = {}): StandInWindow => {
    last += 1;
    const window = onlyKnown('BrowserWindow', new StandInWindow(last, browser, options));
    open.set(window.id, window);
    window.once('closed', () => {
      open.delete(window.id);
      if (open.size === 0) setImmediate(() => allClosed(quitting));
    });
    window.on('focus', () => {
      for (const other of open.values()) if (other !== window) other.setFocused(false);
    });
    onOpened(window);
    return window;
  };
  return {
    create,
    find: (id: number) => open.get(id),
    all: () => [...open.values()],
    onAllClosed: (listener: (quitting: boolean) => void) => {
      allClosed = listener;
    },
    expectQuit: (expected: boolean) => {
      quitting = expected;
    },
  };
}

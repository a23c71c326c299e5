// `webContents`: what runs in a window, as the main process sees it.
import { EventEmitter } from 'node:events';
import type { WebContents, WindowOpenHandlerResponse } from 'electron';
import { createEvent, quiet } from '../absent.ts';
import type { BrowserCalls, Caller } from '../wire.ts';

type Ours = Partial<Omit<WebContents, keyof EventEmitter | 'mainFrame' | 'setWindowOpenHandler'>>;
type OpenHandler = (details: { url: string }) => WindowOpenHandlerResponse;

export class StandInContents extends EventEmitter implements Ours {
  readonly id: number;
  private readonly browser: Caller<BrowserCalls>;
  private url = '';
  private gone = false;
  private openHandler: OpenHandler = () => ({ action: 'allow' });

  constructor(id: number, browser: Caller<BrowserCalls>) {
    super();
    this.id = id;
    this.browser = browser;
  }

  loadURL(url: string): Promise<void> {
    this.url = url;
    return this.browser.load(this.id, url);
  }
  reload(): void {
    quiet(this.browser.reload(this.id));
  }
  send(channel: string, ...args: unknown[]): void {
    if (this.gone) throw new Error('Object has been destroyed');
    quiet(this.browser.send(this.id, channel, args));
  }
  executeJavaScript(code: string): Promise<unknown> {
    return this.browser.evaluate(this.id, code);
  }
  getURL(): string {
    return this.url;
  }
  isDestroyed(): boolean {
    return this.gone;
  }
  isFocused(): boolean {
    return !this.gone;
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  /** What follows is for the stand-in itself. */
  destroyed(): void {
    this.gone = true;
    this.emit('destroyed');
  }
  mayOpen(url: string): boolean {
    return this.openHandler({ url }).action === 'allow';
  }
  mayNavigate(url: string, isMainFrame: boolean): boolean {
    const details = { url, isMainFrame, isSameDocument: false };
    const whole = createEvent(details);
    if (isMainFrame) this.emit('will-navigate', whole, url);
    const framed = createEvent(details);
    this.emit('will-frame-navigate', framed);
    if (whole.defaultPrevented || framed.defaultPrevented) return false;
    if (isMainFrame) this.url = url;
    return true;
  }
}

// The life of the window: it comes forward when asked for, makes way for work that goes on without it, and quitting waits until all is written.
import { app, type BrowserWindow } from 'electron';

export type LifeOptions = {
  /** Makes a window and loads its page. */
  readonly open: () => BrowserWindow;
  /** True while work is under way that should go on without a window. */
  readonly isBusy: () => boolean;
  /** Called when the window was hidden because of that. */
  readonly onHidden: () => void;
  /** Writes what is left and frees the data; quitting waits for it. */
  readonly close: () => Promise<void>;
};

/** Milliseconds after which quitting no longer waits. */
const patience = 10_000;

/** Opens the window and takes over the app's life from here on. */
export function beginLife({ open, isBusy, onHidden, close }: LifeOptions) {
  let window: BrowserWindow | null = null;
  let quitting = false;
  const openOne = (): BrowserWindow => {
    const opened = open();
    opened.on('close', (event) => {
      if (quitting || !(isBusy() || process.platform === 'darwin')) return;
      event.preventDefault();
      opened.hide();
      if (isBusy()) onHidden();
    });
    opened.once('closed', () => {
      window = null;
    });
    window = opened;
    return opened;
  };
  /** Brings the window to the front; opens it again if it was closed. */
  const show = (): BrowserWindow => {
    const shown = window ?? openOne();
    if (shown.isMinimized()) shown.restore();
    shown.show();
    shown.focus();
    return shown;
  };
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('before-quit', () => {
    quitting = true;
  });
  app.on('window-all-closed', () => app.quit());
  closeBeforeExit(close);
  openOne();
  /** `window` is null after it was closed. */
  return { window: (): BrowserWindow | null => window, show };
}

/** Electron does not wait for promises at quit, so the first `will-quit` is put off until everything is closed. */
function closeBeforeExit(close: () => Promise<void>): void {
  app.once('will-quit', (event) => {
    event.preventDefault();
    setTimeout(() => app.exit(1), patience).unref();
    close().then(
      () => app.exit(0),
      (error: unknown) => {
        process.stderr.write(`quit: ${String(error)}\n`);
        app.exit(1);
      },
    );
  });
}

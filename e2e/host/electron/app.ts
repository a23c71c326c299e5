// `app`: the life of the process, its paths, and the lock that keeps a second one away.
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';
import { createEvent } from '../absent.ts';
import { takeLock } from './lock.ts';
import type { Windows } from './window.ts';

type Ours = Partial<Omit<App, keyof EventEmitter>>;

export function createApp(root: string, windows: Windows, appArguments: readonly string[]) {
  const events = new EventEmitter();
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
  const paths = new Map<string, string>([
    ['home', homedir()],
    ['temp', tmpdir()],
    ['appData', join(homedir(), '.config')],
    ['userData', join(homedir(), '.config', name)],
  ]);
  const ready = Promise.withResolvers<void>();
  let isReady = false;
  let badge = 0;
  let lock: (() => void) | null = null;

  const end = (code: number): void => {
    lock?.();
    events.emit('quit', createEvent({}), code);
    process.exit(code);
  };
  const finish = (): void => {
    const leaving = createEvent({});
    events.emit('will-quit', leaving);
    if (!leaving.defaultPrevented) end(0);
  };
  const quit = (): void => {
    const asking = createEvent({});
    events.emit('before-quit', asking);
    if (asking.defaultPrevented) return;
    for (const window of windows.all()) window.close();
    if (windows.all().length === 0) finish();
  };
  windows.onAllClosed((quitting) => {
    if (quitting) finish();
    else if (events.listenerCount('window-all-closed') === 0) quit();
    else events.emit('window-all-closed');
  });
  events.on('before-quit', () => windows.expectQuit(true));

  let appName = name;
  const known = {
    isPackaged: false,
    isReady: () => isReady,
    whenReady: () => ready.promise,
    quit: () => setImmediate(quit) && undefined,
    exit: (code = 0) => end(code),
    getName: () => appName,
    setName: (changed: string) => {
      appName = changed;
    },
    getVersion: () => version,
    getAppPath: () => root,
    getPath: (key: string) => paths.get(key) ?? join(homedir(), key),
    setPath: (key: string, path: string) => void paths.set(key, path),
    getLocale: () => Intl.DateTimeFormat().resolvedOptions().locale,
    getSystemLocale: () => Intl.DateTimeFormat().resolvedOptions().locale,
    setAppUserModelId: () => undefined,
    getBadgeCount: () => badge,
    setBadgeCount: (count = 0) => {
      badge = count;
      return true;
    },
    focus: () => undefined,
    requestSingleInstanceLock: () => {
      lock ??= takeLock(paths.get('userData') ?? root, appArguments, (argv, folder) => events.emit('second-instance', createEvent({}), argv, folder, null));
      return lock !== null;
    },
    hasSingleInstanceLock: () => lock !== null,
    releaseSingleInstanceLock: () => {
      lock?.();
      lock = null;
    },
  } satisfies Ours;
  /** Electron is ready only some time after the entry module has run to its end: awaiting it at the top level of a module hangs there, and here. */
  const becomeReady = (): void => {
    isReady = true;
    ready.resolve();
    events.emit('ready', createEvent({}), {});
  };
  return { app: Object.assign(events, known), becomeReady };
}

// `app`: the life of the process, its paths, and the lock that keeps a second one away.
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'electron';
import { createEvent } from '../absent.ts';
import { takeLock } from '../computer/lock.ts';
import type { Windows } from './window.ts';

type Ours = Partial<Omit<App, keyof EventEmitter>>;

export type AppParts = {
  readonly root: string;
  readonly windows: Windows;
  readonly argv: readonly string[];
  /** The processes of the app besides its own. */
  readonly metrics: () => {
    pid: number;
    name: string;
    type: 'Utility';
    creationTime: number;
    cpu: { percentCPUUsage: number; idleWakeupsPerSecond: number };
  }[];
};

export function createApp({ root, windows, argv, metrics }: AppParts) {
  const events = new EventEmitter();
  const ready = Promise.withResolvers<void>();
  let isReady = false;
  const identity = createIdentity(root);
  const lock = createLock(() => identity.getPath('userData'), argv, events);
  const life = createLife(windows, events, lock.releaseSingleInstanceLock);
  const known = {
    ...identity,
    ...lock,
    ...life,
    isPackaged: false,
    isReady: () => isReady,
    whenReady: () => ready.promise,
    focus: () => undefined,
    getAppMetrics: () => metrics().map((each) => ({ ...each, memory: { workingSetSize: 0, peakWorkingSetSize: 0 } })),
  } satisfies Ours;
  /** Electron is ready only some time after the entry module has run to its end: awaiting it at the top level of a module hangs there, and here. */
  const becomeReady = (): void => {
    isReady = true;
    ready.resolve();
    events.emit('ready', createEvent({}), {});
  };
  return { app: Object.assign(events, known), becomeReady };
}

function createIdentity(root: string) {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
  const paths = new Map([
    ['home', homedir()],
    ['temp', tmpdir()],
    ['appData', join(homedir(), '.config')],
    ['userData', join(homedir(), '.config', name)],
  ]);
  let appName = name;
  let badge = 0;
  return {
    getName: () => appName,
    setName: (changed: string) => {
      appName = changed;
    },
    getVersion: () => version,
    getAppPath: () => root,
    getPath: (key: string) => {
      const path = paths.get(key);
      if (path === undefined) throw new Error(`app.getPath('${key}') is not implemented by the stand-in for Electron`);
      return path;
    },
    setPath: (key: string, path: string) => {
      if (!existsSync(path)) throw new Error(`Failed to set path: ${path} does not exist`);
      paths.set(key, path);
    },
    getLocale: () => Intl.DateTimeFormat().resolvedOptions().locale,
    getSystemLocale: () => Intl.DateTimeFormat().resolvedOptions().locale,
    setAppUserModelId: () => undefined,
    getBadgeCount: () => badge,
    setBadgeCount: (count = 0) => {
      badge = count;
      return true;
    },
  } satisfies Ours;
}

function createLock(folder: () => string, argv: readonly string[], events: EventEmitter) {
  let release: (() => void) | null = null;
  return {
    requestSingleInstanceLock: () => {
      release ??= takeLock(folder(), argv, (others, from) => events.emit('second-instance', createEvent({}), others, from, null));
      return release !== null;
    },
    hasSingleInstanceLock: () => release !== null,
    releaseSingleInstanceLock: () => {
      release?.();
      release = null;
    },
  } satisfies Ours;
}

/** Quitting in Electron's order: before-quit, every window's close, will-quit, quit; the first three can be prevented. */
function createLife(windows: Windows, events: EventEmitter, release: () => void) {
  const exit = (code = 0): void => {
    release();
    events.emit('quit', createEvent({}), code);
    process.exit(code);
  };
  const finish = (): void => {
    const leaving = createEvent({});
    events.emit('will-quit', leaving);
    if (!leaving.defaultPrevented) exit();
  };
  const quit = (): void => {
    const asking = createEvent({});
    events.emit('before-quit', asking);
    if (asking.defaultPrevented) return;
    const open = windows.all();
    windows.expectQuit(true);
    for (const window of open) window.close();
    if (open.length === 0) finish();
    else if (windows.all().length > 0) windows.expectQuit(false); // a window stayed open, so the app does
  };
  windows.onAllClosed((quitting) => {
    if (quitting) finish();
    else if (events.listenerCount('window-all-closed') === 0) quit();
    else events.emit('window-all-closed');
  });
  return { exit, quit: () => void setImmediate(quit) } satisfies Ours;
}

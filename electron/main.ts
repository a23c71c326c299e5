// Entry of the desktop app: one instance, from ready to the last thing written at quit.
import { accessSync, constants, mkdirSync, mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, powerMonitor, session } from 'electron';
import { compose } from './compose.ts';
import { FaultError, faultOf } from './contract/fault.ts';
import type { ConversationId } from './contract/id.ts';
import { createDialogs } from './desktop/dialogs.ts';
import { startEngineProcess } from './desktop/engine-process.ts';
import { findKeychain } from './desktop/keychain.ts';
import { beginLife } from './desktop/life.ts';
import { installMenu } from './desktop/menu.ts';
import { builtPaths, dataFolder } from './desktop/paths.ts';
import { watchPower } from './desktop/power/monitor.ts';
import { createPresence } from './desktop/presence/presence.ts';
import { origin, registerScheme, serveFiles } from './desktop/protocol.ts';
import { confine, currentWindow, denyPermissions, openWindow, showRefusal } from './desktop/window.ts';
import { serveWindow } from './ipc/window.ts';
import { createLog } from './log.ts';

const data = dataFolder({ argv: process.argv, env: process.env, platform: process.platform, home: homedir() });
const paths = builtPaths(import.meta.dirname);
const log = createLog(join(data, 'logs'), Date.now);

app.setName('Nacre');
app.setAppUserModelId('app.nacre');
// What Chromium keeps lives inside the data folder, and so does the lock: one instance for each data folder.
app.setPath('userData', ownFolder());
registerScheme();
app.on('web-contents-created', (_event, contents) => confine(contents));
process.on('uncaughtException', (error) => log.error('main.defect', error));
process.on('unhandledRejection', (error) => log.error('main.defect', error));

// Not awaited here: Electron gets ready only after this module has run to its end.
if (app.requestSingleInstanceLock()) void app.whenReady().then(start).catch(refuse);
else app.quit();

async function start(): Promise<void> {
  denyPermissions(session.defaultSession);
  serveFiles(session.defaultSession, paths.renderer);
  installMenu(process.platform);
  const assistant = await compose({
    data,
    host: hostName(),
    locale: app.getLocale(),
    keychain: findKeychain(),
    desktop: createDialogs(currentWindow),
    power: watchPower(powerMonitor),
    startEngine: () => startEngineProcess(paths.engine),
  });
  const { settings, locale } = await assistant.handlers['app.state']({});
  const { conversations } = await assistant.handlers['conversation.list']({});
  const served = serveWindow({ ...assistant, log, origin, contents: () => life.window()?.webContents ?? null });
  const show = (conversation: ConversationId): void => {
    life.show();
    served.tell({ type: 'conversation.shown', conversation });
  };
  const presence = createPresence({
    settings,
    locale,
    conversations,
    isWatched: () => life.window()?.isFocused() ?? false,
    open: () => void life.show(),
    show,
    quit: () => app.quit(),
  });
  assistant.subscribe(presence.listen);
  const close = async (): Promise<void> => {
    served.stop();
    presence.close();
    await assistant.close();
  };
  const life = beginLife({
    open: () => openWindow({ preload: paths.preload, state: join(data, 'window.json') }),
    isBusy: presence.isBusy,
    onHidden: presence.sayStillWorking,
    close,
  });
}

function hostName(): 'electron' | 'stand-in' {
  return process.versions['electron'] === undefined ? 'stand-in' : 'electron';
}

/** Says in one sentence why Nacre can't start, waits until it was read, and ends with exit code 1. */
async function refuse(error: unknown): Promise<void> {
  if (!(error instanceof FaultError)) log.error('main.start-failed', error);
  const { message } = faultOf(error);
  process.stderr.write(`${message}\n`);
  app.on('window-all-closed', () => app.exit(1));
  await showRefusal(message);
}

function ownFolder(): string {
  const folder = join(data, 'window');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return mkdtempSync(join(tmpdir(), 'nacre-')); // compose finds the same and says why
  }
}

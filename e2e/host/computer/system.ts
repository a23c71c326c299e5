// `nativeTheme`, `screen`, `safeStorage`, `powerMonitor`, `shell` and `dialog`: the computer around the app, as far as there is one.
import { spawn, spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Dialog, NativeTheme, OpenDialogOptions, OpenDialogReturnValue, PowerMonitor, SafeStorage, Screen, Shell } from 'electron';
import { quiet } from '../absent.ts';
import type { BrowserCalls, Caller } from '../wire.ts';

type Theme = NativeTheme['themeSource'];

export function createSystem(browser: Caller<BrowserCalls>) {
  return {
    nativeTheme: createTheme(browser),
    screen: Object.assign(new EventEmitter(), createScreen()),
    safeStorage,
    powerMonitor: Object.assign(new EventEmitter(), powerMonitor),
    shell,
    dialog: createDialog(),
  };
}

function createTheme(browser: Caller<BrowserCalls>) {
  let source: Theme = 'system';
  const events = new EventEmitter();
  Object.defineProperty(events, 'themeSource', {
    get: () => source,
    set: (theme: Theme) => {
      source = theme;
      quiet(browser.emulateTheme(theme));
      events.emit('updated');
    },
  });
  Object.defineProperty(events, 'shouldUseDarkColors', { get: () => source === 'dark' });
  return events;
}

function createScreen() {
  const area = { x: 0, y: 0, width: 1920, height: 1080 };
  const display = { id: 1, bounds: area, workArea: area, scaleFactor: 1 };
  return { getAllDisplays: () => [display], getPrimaryDisplay: () => display } satisfies Record<
    keyof Pick<Screen, 'getAllDisplays' | 'getPrimaryDisplay'>,
    unknown
  >;
}

/** There is no keychain behind the stand-in, and it says so. */
const safeStorage = {
  isEncryptionAvailable: () => false,
  getSelectedStorageBackend: () => 'basic_text',
} satisfies Partial<SafeStorage>;

const powerMonitor = { isOnBatteryPower: () => false, getCurrentThermalState: () => 'unknown', getSystemIdleTime: () => 0 } satisfies Partial<
  Omit<PowerMonitor, keyof EventEmitter>
>;

const shell = {
  openExternal: async (url: string) => {
    const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer.exe' : 'xdg-open';
    const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
    child.on('error', (error) => process.stderr.write(`${opener}: ${error.message}\n`));
    child.unref();
  },
} satisfies Partial<Shell>;

function createDialog() {
  return {
    showOpenDialog: async (...args: readonly unknown[]) => choose(args.at(-1) as OpenDialogOptions),
    showErrorBox: (title: string, content: string) => void process.stderr.write(`${title}\n${content}\n`),
  } satisfies Partial<Record<keyof Dialog, unknown>>;
}

/** Whichever chooser the system has; where it has none, nothing is chosen, and paths can still be typed in the window. */
async function choose({ properties = [] }: OpenDialogOptions): Promise<OpenDialogReturnValue> {
  const folder = properties.includes('openDirectory');
  const choosers: readonly (readonly [string, ...string[]])[] =
    process.platform === 'darwin'
      ? [['osascript', '-e', `POSIX path of (choose ${folder ? 'folder' : 'file'})`]]
      : [
          ['zenity', '--file-selection', ...(folder ? ['--directory'] : [])],
          ['kdialog', folder ? '--getexistingdirectory' : '--getopenfilename', process.cwd()],
        ];
  for (const [command, ...args] of choosers) {
    const found = spawnSync(command, args, { encoding: 'utf8' });
    if (found.error === undefined) return { canceled: found.status !== 0, filePaths: found.status === 0 ? [found.stdout.trim()] : [] };
  }
  process.stderr.write('There is no file chooser on this system (zenity or kdialog); type the path instead.\n');
  return { canceled: true, filePaths: [] };
}

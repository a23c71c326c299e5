// Opens the built app for a person in a visible Chromium window, where the Electron binary can't be had: `node e2e/host/open.ts [--data DIR]`.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright';
import { dataFolder } from '../../electron/desktop/paths.ts';
import { type Chromium, findSystemChromium } from './browser/chromium.ts';
import { startStandIn } from './start.ts';

const args = process.argv.slice(2);
const found = findSystemChromium();
process.exitCode = found === null ? refuse() : await open(found);

function refuse(): number {
  console.error('No Chrome, Chromium or Edge was found on this computer.');
  return 1;
}

/** Resolves with the app's exit code once its window is closed and everything is written. */
async function open(found: Chromium): Promise<number> {
  const data = dataFolder({ argv: args, env: process.env, platform: process.platform, home: homedir() });
  let context: BrowserContext | null = null;
  const openContext = async (): Promise<BrowserContext> => {
    context = await openBrowser(found, join(data, 'window', 'chromium')).catch((error: unknown) => {
      console.error(`${found.name} could not be started: ${String(error).split('\n')[0]}`);
      throw error;
    });
    return context;
  };
  const app = startStandIn({ openContext, entry: join(import.meta.dirname, '../../out/main/main.js'), args, env: process.env, sizes: false, stdio: 'inherit' });
  // Ctrl+C reaches the app as well, and the app ends in its own way.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.process().kill(signal));
  const code = await app.ended;
  await (context as BrowserContext | null)?.close().catch(() => undefined); // it is gone where the person closed its last window
  return code ?? 1;
}

/** A profile of its own inside the data folder, and a window without an address bar. */
function openBrowser({ executablePath, env }: Chromium, profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath,
    env: { ...process.env, ...env },
    headless: false,
    viewport: null,
    colorScheme: null,
    handleSIGINT: false,
    handleSIGTERM: false,
    ignoreDefaultArgs: ['--enable-automation'],
    args: ['--app=data:text/html,<title>Nacre</title>', '--window-size=1080,740'],
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

// Starts the built app for a story: in real Electron where its binary is present, else in the stand-in. The same stories run on both.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type Browser, test as base, chromium, type Page } from 'playwright/test';
import { findChromium } from './host/browser/chromium.ts';
import { type Electron, standInRunner, startStandIn } from './host/start.ts';

export type LaunchOptions = {
  /** The data folder; a fresh one where it is left out. */
  readonly data?: string;
  /** What the scripted model says. */
  readonly script?: readonly object[];
  /** What the settings file holds at the first start. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The system's language tag. */
  readonly locale?: 'en-GB' | 'zh-CN';
};

export type Nacre = {
  readonly page: Page;
  readonly data: string;
  readonly process: ChildProcess;
  /** Runs a function in the main process; it gets Electron's modules and one argument, and sees nothing else from here. */
  evaluate<R, A>(run: (electron: Electron, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  /** Resolves with the exit code when the process ends, null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Ends it as a power cut would: nothing gets a chance to write. */
  kill(): Promise<void>;
  /** Quits it as a person would; resolves with the exit code. */
  close(): Promise<number | null>;
  /** What the page complained about since the last call: defects, and what its policy refused. A story that does not ask fails if there was anything. */
  complaints(): readonly string[];
};

export type Launch = (options?: LaunchOptions) => Promise<Nacre>;
type Started = Pick<Nacre, 'page' | 'process' | 'evaluate'> & { end(): Promise<void> };

const root = resolve(import.meta.dirname, '..');
const entry = join(root, 'out/main/main.js');

/** The real thing, where it is installed; null otherwise. Looks for the file, because asking the package would start a download. */
export function electronBinary(): string | null {
  const folder = join(root, 'node_modules/electron');
  const pointer = join(folder, 'path.txt');
  const binary = existsSync(pointer) ? join(folder, 'dist', readFileSync(pointer, 'utf8')) : '';
  return existsSync(binary) && process.env['NACRE_HOST'] !== 'stand-in' ? binary : null;
}

export const test = base.extend<{ launchNacre: Launch; folder: string }, { shared: Browser | null }>({
  // One Chromium for all stories of a worker; each story has a context, and so storage, of its own.
  shared: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern
    async ({}, use) => {
      if (electronBinary() !== null) return await use(null);
      const found = findChromium(console.log);
      const browser = await chromium.launch({ executablePath: found.executablePath, env: { ...process.env, ...found.env } });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  /** An empty folder that goes away with the story: for the person's own files. */
  // biome-ignore lint/correctness/noEmptyPattern: as above
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'nacre-folder-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  launchNacre: async ({ shared }, use, info) => {
    const started: Nacre[] = [];
    const folders: string[] = [];
    await use(async (options = {}) => {
      const data = options.data ?? mkdtempSync(join(tmpdir(), 'nacre-data-'));
      if (options.data === undefined) folders.push(data);
      const nacre = await launch(shared, data, options);
      started.push(nacre);
      return nacre;
    });
    if (info.status !== info.expectedStatus) for (const { page } of started) await attach(page, info.attach.bind(info));
    const complaints = started.flatMap((nacre) => nacre.complaints());
    for (const nacre of started) await nacre.kill();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    if (info.status === info.expectedStatus && complaints.length > 0) throw new Error(`The page complained:\n${complaints.join('\n')}`);
  },
});

async function launch(browser: Browser | null, data: string, { script, settings, env = {}, locale = 'en-GB' }: LaunchOptions): Promise<Nacre> {
  const scriptFile = join(data, 'script.json');
  if (script !== undefined) writeFileSync(scriptFile, JSON.stringify(script));
  const wanted = { ...(script === undefined ? {} : { model: 'scripted:script' }), ...settings };
  if (Object.keys(wanted).length > 0) writeFileSync(join(data, 'settings.json'), JSON.stringify(wanted));
  const language = locale === 'zh-CN' ? 'zh_CN.UTF-8' : 'en_GB.UTF-8';
  const whole = { ...process.env, LANG: language, LC_ALL: language, ...(existsSync(scriptFile) ? { NACRE_SCRIPT: scriptFile } : {}), ...env } as Record<
    string,
    string
  >;
  const binary = electronBinary();
  const args = ['--data', data, `--lang=${locale}`];
  const started = browser === null || binary !== null ? await startElectron(binary ?? '', args, whole) : await startInChromium(browser, args, whole, locale);
  const complaints: string[] = [];
  started.page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  started.page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  started.page.setDefaultTimeout(20_000);
  await started.page.getByRole('main').waitFor();
  const ended = endOf(started.process);
  return {
    ...started,
    data,
    ended,
    complaints: () => complaints.splice(0),
    kill: async () => {
      started.process.kill('SIGKILL');
      await ended;
      await started.end();
    },
    close: async () => {
      await started.evaluate(({ app }) => app.quit(), null).catch(() => undefined); // it may be gone before it has answered
      const code = await ended;
      await started.end();
      return code;
    },
  };
}

/** Starts the app with nothing attached to it: no debugger, and in the stand-in no browser, so that no window appears. */
export function startAlone(data: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
  const binary = electronBinary();
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const command = binary === null ? [process.execPath, '--disable-warning=ExperimentalWarning', standInRunner] : [binary, ...sandbox];
  return spawn(command[0] ?? '', [...command.slice(1), entry, '--data', data], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
}

/** Resolves with the exit code, null where a signal ended it. */
export function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

async function startElectron(executablePath: string, args: string[], env: Record<string, string>): Promise<Started> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({ executablePath, args: [...sandbox, entry, ...args], env });
  return {
    page: await app.firstWindow(),
    process: app.process(),
    evaluate: (run, argument) => app.evaluate(run as never, argument as never) as never,
    end: () => app.close().catch(() => undefined), // it has ended already; this frees Playwright's side
  };
}

async function startInChromium(browser: Browser, args: string[], env: Record<string, string>, locale: string): Promise<Started> {
  const context = await browser.newContext({ locale, serviceWorkers: 'block' });
  const app = startStandIn({ openContext: async () => context, entry, args, env, sizes: true, stdio: 'inherit' });
  return {
    page: await app.firstWindow(),
    process: app.process(),
    evaluate: app.evaluate,
    // The context keeps its storage in memory, so closing it saves nothing that a crash would have lost.
    end: () => context.close(),
  };
}

async function attach(page: Page, add: (name: string, options: { body: Buffer; contentType: string }) => Promise<void>): Promise<void> {
  if (page.isClosed()) return;
  await add('window', { body: await page.screenshot({ timeout: 5000 }), contentType: 'image/png' });
}

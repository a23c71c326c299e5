// A hostile page would get nowhere: it can't leave, open, load, ask the system, or reach the assistant from anywhere but our window.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { endOf, startAlone, test } from './launch.ts';

test('the page has no Node, and its only door to the assistant has two functions', async ({ launchNacre }) => {
  const { page } = await launchNacre();
  const found = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter((name) => name in window),
    door: Object.keys(Reflect.get(window, 'nacre') as object).sort(),
  }));
  expect(found).toEqual({ node: [], door: ['request', 'subscribe'] });
});

test('the page can not be led elsewhere', async ({ launchNacre }) => {
  const { page, complaints } = await launchNacre();
  const address = page.url();
  for (const target of ['https://example.com/', 'file:///etc/passwd', 'http://127.0.0.1:9/']) {
    await page.evaluate((url) => void setTimeout(() => location.assign(url)), target).catch(() => undefined); // a blocked navigation may end the call
    await page.waitForTimeout(200);
  }
  expect(page.url()).toBe(address);
  await expect(page.getByRole('main')).toBeVisible();
  expect(complaints().every((text) => text.startsWith('Not allowed to load local resource'))).toBe(true);
});

test('the page can not open a window', async ({ launchNacre }) => {
  const { page, evaluate } = await launchNacre();
  await page.evaluate(() => ['https://example.com/', 'about:blank', ''].map((url) => String(window.open(url))));
  await page.waitForTimeout(300);
  expect(await evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length, null)).toBe(1);
  await expect.poll(() => page.context().pages().length).toBe(1);
});

test('inline scripts, inline event handlers, eval and foreign scripts do not run', async ({ launchNacre }) => {
  const { page, complaints } = await launchNacre();
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    const foreign = document.createElement('script');
    foreign.src = 'https://example.com/evil.js';
    const image = document.createElement('img');
    image.setAttribute('onerror', 'window.handlerRan = true');
    image.src = 'data:image/png;base64,AAAA';
    document.body.append(script, foreign, image);
    // Not in this very turn: a debugger's own evaluation is exempt from the policy.
    const evaluated = await new Promise((resolve) =>
      setTimeout(() => {
        try {
          resolve(new Function('return true')());
        } catch {
          resolve(false);
        }
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { inline: 'inlineRan' in window, handler: 'handlerRan' in window, evaluated };
  });
  expect(ran).toEqual({ inline: false, handler: false, evaluated: false });
  expect(complaints().filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(3);
});

test('nothing can be fetched from, sent to, or embedded from elsewhere', async ({ launchNacre }) => {
  const { page, complaints } = await launchNacre();
  const reached = await page.evaluate(async () => {
    const tries: Record<string, () => Promise<unknown>> = {
      fetch: () => fetch('https://example.com/'),
      local: () => fetch('http://127.0.0.1:9/'),
      beacon: async () =>
        navigator.sendBeacon('https://example.com/', 'x') ? Promise.reject(new Error('queued, then refused')) : Promise.reject(new Error('refused')),
      image: () =>
        new Promise((resolve, reject) => {
          const image = new Image();
          image.onload = resolve;
          image.onerror = reject;
          image.src = 'https://example.com/a.png';
        }),
      socket: () =>
        new Promise((resolve, reject) => {
          const socket = new WebSocket('wss://example.com/');
          socket.onopen = resolve;
          socket.onerror = reject;
        }),
    };
    const outcomes = await Promise.all(
      Object.entries(tries).map(async ([name, attempt]) => [
        name,
        await attempt().then(
          () => 'reached',
          () => 'refused',
        ),
      ]),
    );
    return Object.fromEntries(outcomes) as Record<string, string>;
  });
  expect(reached).toEqual({ fetch: 'refused', local: 'refused', beacon: 'refused', image: 'refused', socket: 'refused' });
  await page.waitForTimeout(300); // the last refusals are still being reported
  expect(complaints().length).toBeGreaterThan(0);
});

test('the page can read nothing but its own files', async ({ launchNacre }) => {
  const { page, complaints } = await launchNacre();
  const statuses = await page.evaluate(async () => {
    const paths = ['/index.html', '/..%2fmain%2fmain.js', '/%2e%2e%2f%2e%2e%2fpackage.json', '/..%5c..%5cpackage.json', '/%00', '/%zz', '/no-such-file'];
    return await Promise.all(paths.map(async (path) => (await fetch(path)).status));
  });
  expect(statuses).toEqual([200, 403, 403, process.platform === 'win32' ? 403 : 404, 403, 404, 404]);
  await page.waitForTimeout(300); // the last complaints are still being reported
  expect(complaints().length).toBeGreaterThan(0);
});

test('the page is refused what it may ask of the system, except to copy text', async ({ launchNacre }) => {
  const { page } = await launchNacre();
  const answers = await page.evaluate(async () => {
    /** Where nobody is there to choose, a host may leave the question open for good, which grants nothing either. */
    const granted = (asked: Promise<unknown>): Promise<boolean> =>
      Promise.race([asked.then(() => true).catch(() => false), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 2000))]);
    return {
      notifications: (await Notification.requestPermission()) === 'granted',
      microphone: await granted(navigator.mediaDevices.getUserMedia({ audio: true })),
      location: await granted(new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))),
      clipboardRead: await granted(navigator.clipboard.readText()),
      screen: await granted(navigator.mediaDevices.getDisplayMedia()),
      clipboardWrite: (await navigator.permissions.query({ name: 'clipboard-write' as PermissionName })).state === 'granted',
    };
  });
  expect(answers).toEqual({ notifications: false, microphone: false, location: false, clipboardRead: false, screen: false, clipboardWrite: true });
});

test('a window that is not ours, on a page that is not ours, is refused by the assistant', async ({ launchNacre }) => {
  const { evaluate } = await launchNacre();
  const reply = await evaluate(async ({ BrowserWindow, app }) => {
    const preload = `${process.cwd()}/out/preload/preload.cjs`;
    const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true } });
    await stranger.loadURL('data:text/html,<title>stranger</title>');
    const answer = (await stranger.webContents.executeJavaScript("window.nacre.request('app.state', {})")) as { ok: boolean; fault?: { message: string } };
    stranger.destroy();
    return { ...answer, open: app.isReady() };
  }, null);
  expect(reply).toMatchObject({ ok: false, fault: { message: expect.stringContaining('does not come from the window of Nacre') } });
});

test('a request that is unknown or malformed comes back as a sentence, and the app lives on', async ({ launchNacre }) => {
  const { page } = await launchNacre();
  const replies = await page.evaluate(async () => {
    const nacre = Reflect.get(window, 'nacre') as { request(name: unknown, payload?: unknown): Promise<{ ok: boolean; fault?: { code: string } }> };
    const tries: [unknown, unknown?][] = [
      ['no.such'],
      ['__proto__', {}],
      [null],
      [{ name: 'app.state' }],
      ['conversation.rename', { conversation: 'one' }],
      ['conversation.post', null],
    ];
    return await Promise.all(tries.map(async ([name, payload]) => (await nacre.request(name, payload)).fault?.code));
  });
  expect(replies).toEqual(['request.unknown', 'request.unknown', 'request.unknown', 'request.unknown', 'request.invalid', 'request.invalid']);
});

test('no process of the app listens on a TCP or UDP port, before and after it has answered', async ({ folder }) => {
  test.skip(process.platform !== 'linux', 'reads /proc');
  const script = join(folder, 'script.json');
  writeFileSync(script, JSON.stringify([{ text: 'Hello.' }]));
  // Started alone: a test runner may attach to the app by a port of its own.
  const app = startAlone(folder, { NACRE_SCRIPT: script });
  await expect.poll(() => existsSync(join(folder, 'nacre.sock'))).toBe(true);
  expect(familyOf(app.pid ?? 0).flatMap(portsOf)).toEqual([]);
  const answer = execFileSync(process.execPath, ['out/cli/nacre.js', 'ask', 'Hi', '--data', folder, '--model', 'scripted:script'], { encoding: 'utf8' });
  expect(answer).toContain('Hello.');
  expect(familyOf(app.pid ?? 0).flatMap(portsOf)).toEqual([]);
  app.kill('SIGKILL');
  await endOf(app);
});

/** The process and all that descend from it. */
function familyOf(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(Number(name))] as const);
  const children = parents.filter(([, parent]) => parent === pid).map(([child]) => child);
  return [pid, ...children.flatMap(familyOf)];
}

function parentOf(pid: number): number {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return 0; // it has ended meanwhile
  }
}

/** Local addresses of the listening TCP and the bound UDP sockets that the process holds. */
function portsOf(pid: number): readonly string[] {
  const held = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`)));
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => held.has(`socket:[${inode}]`) && (state === '0A' || table.startsWith('udp')))
      .map(([, address]) => `${table} ${address} of process ${pid}`),
  );
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

// Does in Chromium what the main process asks for, and asks it before a page fetches, navigates or opens anything.
import type { BrowserContext, Page, Request, Route } from 'playwright';
import { quiet } from '../absent.ts';
import type { BrowserCalls, Callee, Caller, MainCalls, PageRequest } from '../wire.ts';
import { fromPage } from './address.ts';
import { type StandInPage, takePage } from './page.ts';
import { applyPermissions } from './permissions.ts';

export type Owner = {
  readonly calls: Callee<BrowserCalls>;
  /** The first window's page, as soon as there is one. */
  readonly firstPage: Promise<Page>;
};

export type OwnerOptions = {
  readonly context: BrowserContext;
  readonly main: () => Caller<MainCalls>;
  /** False where the person sizes the windows. */
  readonly sizes: boolean;
};

export async function createOwner({ context, main, sizes }: OwnerOptions): Promise<Owner> {
  const windows = new Map<number, Promise<StandInPage>>();
  const numbers = new Map<Page, number>();
  const expected = new Set<Page>();
  const first = Promise.withResolvers<Page>();
  // With an app window Chromium begins with a page of its own, which becomes the first window.
  const spare = context.pages();
  let theme: 'light' | 'dark' | null = null;

  const open = async (window: number, shape: Parameters<BrowserCalls['openWindow']>[1]): Promise<StandInPage> => {
    const page = spare.shift() ?? (await openExpected());
    expected.add(page);
    numbers.set(page, window);
    page.once('close', () => {
      numbers.delete(page);
      if (windows.delete(window)) quiet(main().closed(window));
    });
    if (sizes) await page.setViewportSize({ width: shape.width, height: shape.height });
    await page.emulateMedia({ colorScheme: theme });
    const taken = await takePage(page, context, window, shape, main());
    await applyPermissions(context, page, (name) => main().permission(window, name));
    first.resolve(page);
    return taken;
  };
  let opening = 0;
  const openExpected = async (): Promise<Page> => {
    opening += 1;
    const page = await context.newPage();
    opening -= 1;
    return page;
  };
  const find = async (window: number): Promise<StandInPage> => {
    const found = windows.get(window);
    if (found === undefined) throw new Error('the window is closed');
    return found;
  };

  context.on('page', (page) => {
    // A page of ours appears while one is being opened; any other was opened by a page.
    if (opening === 0 && !expected.has(page)) quiet(decideOnPopup(page, numbers, main()));
  });
  await context.route('**/*', (route, request) => answerRequest(route, request, windows, numbers, main()));

  const calls: Callee<BrowserCalls> = {
    openWindow: async (window, shape) => {
      const taken = open(window, shape);
      windows.set(window, taken);
      await taken;
    },
    load: async (window, url) => (await find(window)).load(url),
    reload: async (window) => void (await (await find(window)).page.reload()),
    closeWindow: async (window) => {
      const taken = windows.get(window);
      windows.delete(window);
      await (await taken)?.page.close();
    },
    send: async (window, channel, args) => (await find(window)).send(channel, args),
    evaluate: async (window, code) => (await find(window)).page.evaluate(code),
    bringToFront: async (window) => (await find(window)).page.bringToFront(),
    emulateTheme: async (changed) => {
      theme = changed === 'system' ? null : changed;
      for (const taken of windows.values()) await (await taken).page.emulateMedia({ colorScheme: theme });
    },
  };
  return { calls, firstPage: first.promise };
}

/** Only refusal exists: a popup that the main process allows would need a window that the stand-in does not make. */
async function decideOnPopup(page: Page, numbers: ReadonlyMap<Page, number>, main: Caller<MainCalls>): Promise<void> {
  const opener = await page.opener();
  const allowed = await main.mayOpen(opener === null ? 0 : (numbers.get(opener) ?? 0), fromPage(page.url()));
  await page.close();
  if (allowed) throw new Error('the stand-in does not open windows for pages');
}

async function answerRequest(
  route: Route,
  request: Request,
  windows: ReadonlyMap<number, Promise<StandInPage>>,
  numbers: ReadonlyMap<Page, number>,
  main: Caller<MainCalls>,
): Promise<void> {
  const page = pageOf(request);
  const window = page === null ? undefined : numbers.get(page);
  // A popup that is about to be refused gets an empty page: with an aborted request it would never be reported.
  if (page === null || window === undefined) return route.fulfill({ status: 200, contentType: 'text/html', body: '' });
  try {
    if (!(await mayGo(request, page, window, windows, main))) return await route.abort('aborted');
    const answer = await main.fetch(window, describe(request));
    if (answer === 'refuse') await route.abort('blockedbyclient');
    else if (answer === 'continue') await route.continue();
    else await route.fulfill({ status: answer.status, headers: { ...answer.headers }, body: Buffer.from(answer.body) });
  } catch {
    await route.abort().catch(() => undefined); // the page or the main process has gone meanwhile
  }
}

/** A navigation that the main process did not start itself is put to it first. */
async function mayGo(
  request: Request,
  page: Page,
  window: number,
  windows: ReadonlyMap<number, Promise<StandInPage>>,
  main: Caller<MainCalls>,
): Promise<boolean> {
  if (!request.isNavigationRequest()) return true;
  const isMainFrame = request.frame() === page.mainFrame();
  const taken = await windows.get(window);
  const own = isMainFrame && taken?.isLoading() === true;
  if (!own && !(await main.mayNavigate(window, fromPage(request.url()), isMainFrame))) return false;
  if (isMainFrame) quiet(main.happened(window, 'did-start-loading'));
  return true;
}

function pageOf(request: Request): Page | null {
  try {
    return request.frame().page();
  } catch {
    return null; // the frame of a page that has not been reported yet
  }
}

function describe(request: Request): PageRequest {
  return { url: fromPage(request.url()), method: request.method(), headers: request.headers(), body: request.postDataBuffer(), type: request.resourceType() };
}

// Asks the main process before a page fetches, navigates or opens anything.
import type { BrowserContext, Page, Request, Route } from 'playwright';
import { quiet } from '../absent.ts';
import type { Caller, MainCalls, PageRequest } from '../wire.ts';
import { fromPage } from './address.ts';

export type Watch = {
  readonly context: BrowserContext;
  readonly main: () => Caller<MainCalls>;
  /** The window of a page; undefined for one that a page has opened. */
  readonly numberOf: (page: Page) => number | undefined;
  /** True while the main process itself is loading an address into the window. */
  readonly isLoading: (window: number) => Promise<boolean>;
  readonly isOurs: (page: Page) => boolean;
};

export async function watchPages(watch: Watch): Promise<void> {
  watch.context.on('page', (page) => {
    if (!watch.isOurs(page)) quiet(decideOnPopup(page, watch));
  });
  await watch.context.route('**/*', (route, request) => answer(route, request, watch));
}

/** Only refusal exists: a popup that the main process allows would need a window that the stand-in does not make. */
async function decideOnPopup(page: Page, { numberOf, main }: Watch): Promise<void> {
  const opener = await page.opener();
  const allowed = await main().mayOpen(opener === null ? 0 : (numberOf(opener) ?? 0), fromPage(page.url()));
  await page.close();
  if (allowed) throw new Error('the stand-in does not open windows for pages');
}

async function answer(route: Route, request: Request, watch: Watch): Promise<void> {
  const page = pageOf(request);
  const window = page === null ? undefined : watch.numberOf(page);
  try {
    // A popup that is about to be refused gets an empty page: with an aborted request it would never be reported.
    if (page === null || window === undefined) return await route.fulfill({ status: 200, contentType: 'text/html', body: '' });
    if (!(await mayGo(request, page, window, watch))) return await route.abort('aborted');
    const found = await watch.main().fetch(window, describe(request));
    if (found === 'refuse') await route.abort('blockedbyclient');
    else if (found === 'continue') await route.continue();
    else await route.fulfill({ status: found.status, headers: { ...found.headers }, body: Buffer.from(found.body) });
  } catch {
    await route.abort().catch(() => undefined); // the page or the main process has gone meanwhile
  }
}

/** A navigation that the main process did not start itself is put to it first. */
async function mayGo(request: Request, page: Page, window: number, { main, isLoading }: Watch): Promise<boolean> {
  if (!request.isNavigationRequest()) return true;
  const isMainFrame = request.frame() === page.mainFrame();
  const own = isMainFrame && (await isLoading(window));
  if (!own && !(await main().mayNavigate(window, fromPage(request.url()), isMainFrame))) return false;
  if (isMainFrame) quiet(main().happened(window, 'did-start-loading'));
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

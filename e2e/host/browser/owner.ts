// Does in Chromium what the main process asks for: opens pages for its windows, and carries its messages to them.
import type { BrowserContext, Page } from 'playwright';
import { quiet } from '../absent.ts';
import type { BrowserCalls, Callee, Caller, MainCalls, WindowShape } from '../wire.ts';
import { type StandInPage, takePage } from './page.ts';
import { applyPermissions } from './permissions.ts';
import { watchPages } from './watch.ts';

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

type Theme = 'light' | 'dark' | null;

export async function createOwner(options: OwnerOptions): Promise<Owner> {
  const { context, main } = options;
  const windows = new Map<number, Promise<StandInPage>>();
  const numbers = new Map<Page, number>();
  const first = Promise.withResolvers<Page>();
  const newPage = createPages(context);
  let theme: Theme = null;
  await watchPages({
    context,
    main,
    numberOf: (page) => numbers.get(page),
    isLoading: async (window) => (await windows.get(window))?.isLoading() === true,
    isOurs: newPage.isOurs,
  });

  const open = async (window: number, shape: WindowShape): Promise<StandInPage> => {
    const page = await newPage.open();
    numbers.set(page, window);
    page.once('close', () => {
      numbers.delete(page);
      if (windows.delete(window)) quiet(main().closed(window));
    });
    const taken = await dress(page, window, shape, theme, options);
    first.resolve(page);
    return taken;
  };
  const find = async (window: number): Promise<StandInPage> => {
    const found = windows.get(window);
    if (found === undefined) throw new Error('the window is closed');
    return await found;
  };

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

/** Pages for windows. With an app window Chromium begins with a page of its own, which becomes the first one. */
function createPages(context: BrowserContext) {
  const spare = context.pages();
  const ours = new WeakSet(spare);
  let opening = 0;
  const open = async (): Promise<Page> => {
    const ready = spare.shift();
    if (ready !== undefined) return ready;
    opening += 1;
    const page = await context.newPage();
    opening -= 1;
    ours.add(page);
    return page;
  };
  /** A page that appears while none of ours is being opened was opened by a page. */
  return { open, isOurs: (page: Page) => opening > 0 || ours.has(page) };
}

async function dress(page: Page, window: number, shape: WindowShape, theme: Theme, { context, main, sizes }: OwnerOptions): Promise<StandInPage> {
  if (sizes) await page.setViewportSize({ width: shape.width, height: shape.height });
  await page.emulateMedia({ colorScheme: theme });
  const taken = await takePage(page, context, window, shape, main());
  await applyPermissions(context, page, (name) => main().permission(window, name));
  return taken;
}

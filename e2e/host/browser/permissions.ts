// Asks the main process about each permission that Chromium knows, and sets Chromium to the answers.
import type { BrowserContext, Page } from 'playwright';
import { toPage } from './address.ts';

/** Electron's name of a permission, and Chromium's. */
const permissions = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['display-capture', 'display-capture'],
  ['midi', 'midi'],
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-sanitized-write', 'clipboard-write'],
] as const;

export async function applyPermissions(context: BrowserContext, page: Page, ask: (name: string) => Promise<boolean>): Promise<void> {
  // Chromium forgets these answers when the session that gave them is detached, so it stays as long as the page.
  const session = await context.newCDPSession(page);
  const { targetInfo } = await session.send('Target.getTargetInfo');
  for (const [electron, chromium] of permissions) {
    const setting = (await ask(electron)) ? 'granted' : 'denied';
    await session.send('Browser.setPermission', {
      permission: { name: chromium },
      setting,
      origin: new URL(toPage('app://main/')).origin,
      ...browserContext(targetInfo.browserContextId),
    });
  }
}

function browserContext(id: string | undefined): { readonly browserContextId?: string } {
  return id === undefined ? {} : { browserContextId: id };
}

// `session` and `protocol`: our own scheme, what pages may fetch, and what they may ask of the system.
import type { Protocol, Session } from 'electron';
import { onlyKnown } from '../absent.ts';
import type { PageRequest, PageResponse } from '../wire.ts';
import type { StandInWindow } from './window.ts';

type SchemeHandler = (request: Request) => Response | Promise<Response>;
type RequestFilter = (details: { url: string; method: string; resourceType: string }, callback: (response: { cancel?: boolean }) => void) => void;
type PermissionRequest = (contents: unknown, permission: string, callback: (granted: boolean) => void, details: object) => void;
type PermissionCheck = (contents: unknown, permission: string, origin: string, details: object) => boolean;

export function createSession(isReady: () => boolean) {
  const schemes = new Map<string, SchemeHandler>();
  const privileged = new Set<string>();
  let filter: RequestFilter | null = null;
  let request: PermissionRequest | null = null;
  let check: PermissionCheck | null = null;

  const protocol = {
    registerSchemesAsPrivileged: (customs: { scheme: string }[]) => {
      if (isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
      for (const { scheme } of customs) privileged.add(scheme);
    },
    handle: (scheme: string, handler: SchemeHandler) => {
      if (!isReady()) throw new Error('protocol.handle can only be used after app is ready');
      if (!privileged.has(scheme)) throw new Error(`the stand-in serves only privileged schemes, and ${scheme} is not`);
      schemes.set(scheme, handler);
    },
    unhandle: (scheme: string) => void schemes.delete(scheme),
    isProtocolHandled: (scheme: string) => schemes.has(scheme),
  } satisfies Partial<Protocol>;

  const defaultSession = {
    protocol,
    webRequest: onlyKnown('webRequest', {
      onBeforeRequest: (listener: RequestFilter | null) => {
        filter = listener;
      },
    }),
    setPermissionRequestHandler: (handler: PermissionRequest | null) => {
      request = handler;
    },
    setPermissionCheckHandler: (handler: PermissionCheck | null) => {
      check = handler;
    },
    // Headless Chromium offers no devices and no screens to choose from, so there is nothing to grant.
    setDevicePermissionHandler: () => undefined,
    setDisplayMediaRequestHandler: () => undefined,
    setSpellCheckerEnabled: () => undefined,
  } satisfies Partial<Record<keyof Session, unknown>>;

  const fetch = async ({ url, method, headers, body, type }: PageRequest): Promise<PageResponse | 'continue' | 'refuse'> => {
    if (await isCancelled(filter, { url, method, resourceType: type })) return 'refuse';
    const handler = schemes.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined) return 'continue';
    const response = await handler(new Request(url, { method, headers, body: body === null ? null : Buffer.from(body) }));
    return { status: response.status, headers: Object.fromEntries(response.headers), body: new Uint8Array(await response.arrayBuffer()) };
  };

  /** As Electron decides: the check first, then the question. Without handlers everything is granted there, and here. */
  const permission = (window: StandInWindow | undefined, name: string): Promise<boolean> => {
    if (check !== null && !check(window?.webContents ?? null, name, '', {})) return Promise.resolve(false);
    if (request === null) return Promise.resolve(true);
    return new Promise((resolve) => request?.(window?.webContents ?? null, name, resolve, {}));
  };
  return { protocol, session: { defaultSession: onlyKnown('session.defaultSession', defaultSession) }, fetch, permission };
}

function isCancelled(filter: RequestFilter | null, details: { url: string; method: string; resourceType: string }): Promise<boolean> {
  if (filter === null) return Promise.resolve(false);
  return new Promise((resolve) => filter(details, ({ cancel }) => resolve(cancel === true)));
}

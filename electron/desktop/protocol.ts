// Serves the window's files as app://main/…, with a policy that lets the page load nothing but those files.
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol, type Session } from 'electron';

export const origin = 'app://main';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'none'",
  "object-src 'none'",
  "worker-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Where a page may load from. */
const allowed: readonly string[] = ['app:', 'data:', 'blob:', 'devtools:', 'about:'];

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

/** Answers app://main/… with the files of `folder`, and refuses every other address that the page may ask for. */
export function serveFiles(session: Session, folder: string): void {
  session.protocol.handle('app', (request) => respond(folder, request));
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !allowed.includes(new URL(details.url).protocol) }));
}

async function respond(folder: string, request: Request): Promise<Response> {
  try {
    const path = fileOf(folder, request.url);
    if (path === null || request.method !== 'GET') return refuse(403);
    return new Response(new Uint8Array(await readFile(path)), { headers: headers(types[extname(path)] ?? 'application/octet-stream') });
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return refuse(error instanceof URIError || isMissing ? 404 : 500);
  }
}

/** Null for another host and for a path that leaves the folder. */
function fileOf(folder: string, address: string): string | null {
  const url = new URL(address);
  if (url.host !== 'main') return null;
  const path = normalize(join(folder, decodeURIComponent(url.pathname === '/' ? '/index.html' : url.pathname)));
  return path.startsWith(folder + sep) && !path.includes('\0') ? path : null;
}

function refuse(status: number): Response {
  return new Response('', { status, headers: headers('text/plain') });
}

function headers(type: string): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
}

// The one gate to the network: every outgoing request passes here, carries a purpose, and is written to the ledger. Offline means no socket at all.
import type { Transformer } from 'node:stream/web';
import { FaultError, fault } from '../contract/fault.ts';
import type { LedgerLine } from './ledger.ts';

/** What a request is for, in the ledger's words. */
export type Purpose = 'model.reply' | 'model.check' | 'model.download';

export type GateParts = { readonly offline: () => boolean; readonly record: (line: LedgerLine) => void; readonly now: () => number };

const redirects = new Set([301, 302, 303, 307, 308]);
const redirectsAtMost = 5;

export function createGate({ offline, record, now }: GateParts) {
  let exchanges = 0;

  /** One hop. The line written first is what remains if this process dies midway. */
  async function hop(request: Request, signal: AbortSignal, sent: number, purpose: Purpose, run: string | null): Promise<Response> {
    const line = { exchange: `${process.pid}.${++exchanges}`, purpose, run, host: new URL(request.url).host, method: request.method, sent };
    const settle = (status: number | null, received: number): void => record({ at: now(), ...line, status, received });
    record({ at: now(), ...line, status: null, received: null });
    try {
      const response = await orAborted(fetch(request), signal);
      return counted(response, signal, (received) => settle(response.status, received));
    } catch (error) {
      settle(null, 0);
      throw error;
    }
  }

  return {
    offline,
    /**
     * A `fetch` for one purpose, on behalf of `run` (whoever asks; null where no one in particular). Rejects with a FaultError `network.offline` before a
     * socket is opened, with a TypeError where an address or a redirect is not http(s), and otherwise as `fetch` does.
     */
    fetchFor:
      (purpose: Purpose, run: string | null = null): typeof fetch =>
      async (input, init) => {
        const signal = init?.signal ?? (input instanceof Request ? input.signal : new AbortController().signal);
        let { request, body } = await prepare(input, init);
        for (let hops = 0; ; hops++) {
          const { host } = new URL(request.url);
          if (offline()) throw new FaultError(fault('network.offline', { host }));
          const response = await hop(request, signal, body?.byteLength ?? 0, purpose, run);
          const next = redirects.has(response.status) ? response.headers.get('location') : null;
          if (next === null) return response;
          await response.body?.cancel();
          if (hops === redirectsAtMost) throw new TypeError(`${host} redirects in circles`);
          if (response.status === 303 || (request.method === 'POST' && response.status < 303)) body = null;
          request = redirected(request, new URL(next, request.url), body);
        }
      },
  };
}

/**
 * Rejects as soon as the caller's own signal aborts. A Request follows a signal only by weak references (undici), and a chain of them can be
 * collected while the answer is awaited; then nobody would hear the abort.
 */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The body is read whole: requests are small, and their size belongs in the ledger. */
async function prepare(input: string | URL | Request, init: RequestInit | undefined): Promise<{ request: Request; body: ArrayBuffer | null }> {
  const asked = new Request(input, init);
  demandHttp(new URL(asked.url), null);
  const body = asked.body === null ? null : await asked.arrayBuffer();
  return { request: new Request(asked.url, { method: asked.method, headers: asked.headers, body, signal: asked.signal, redirect: 'manual' }), body };
}

/** Keys stay with the host they were meant for, and a request never falls from https to http. */
function redirected(from: Request, to: URL, body: ArrayBuffer | null): Request {
  demandHttp(to, new URL(from.url));
  const headers = new Headers(from.headers);
  if (to.origin !== new URL(from.url).origin) for (const name of ['authorization', 'x-api-key', 'cookie']) headers.delete(name);
  const method = body === null && from.method === 'POST' ? 'GET' : from.method;
  return new Request(to, { method, headers, body, signal: from.signal, redirect: 'manual' });
}

function demandHttp(to: URL, from: URL | null): void {
  if (to.protocol === 'https:' || (to.protocol === 'http:' && from?.protocol !== 'https:')) return;
  throw new TypeError(from === null ? `${to.protocol} addresses are not allowed` : `${from.host} redirects to a ${to.protocol} address`);
}

/** The same response; `settle` hears once how many bytes its body had, after decompression, when it ends in whatever way. */
function counted(response: Response, signal: AbortSignal, settle: (received: number) => void): Response {
  let received = 0;
  const end = (): void => settle(received);
  if (response.body === null) {
    end();
    return response;
  }
  const counter: Transformer<Uint8Array, Uint8Array> = {
    transform(chunk, controller) {
      received += chunk.byteLength;
      controller.enqueue(chunk);
    },
    flush: end,
    cancel: end,
  };
  const body = response.body.pipeThrough(new TransformStream(counter), { signal });
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}

// One request to a remote model: a refusal, a page that is no reply, silence or a cut is noticed here, before the client library sees it.
import { type Asked, cutOff, notAStream, refusal, unreachable } from './faults.ts';
import { createWatch, type Watch } from './watch.ts';

export type Exchange = Pick<Watch, 'problem' | 'marked' | 'head'> & {
  /** For the client library: passes only headers that the API needs. Rejects where there is a problem. */
  readonly fetch: typeof fetch;
  /** Stops the clock and closes the socket, if they are still running. */
  close(): void;
};

export type ExchangeParts = {
  readonly asked: Asked;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the exchange has failed. */
  readonly silenceMs: number;
  readonly now: () => number;
};

const headersNeeded = ['accept', 'content-type', 'authorization', 'x-api-key', 'anthropic-version'];
const bytesOfBody = 65_536;

export function createExchange({ asked, fetch, signal, silenceMs, now }: ExchangeParts): Exchange {
  const watch = createWatch(asked, silenceMs);
  return {
    problem: watch.problem,
    marked: watch.marked,
    head: watch.head,
    close: watch.stop,
    async fetch(input, init) {
      watch.begin();
      try {
        const wanted = AbortSignal.any([signal, watch.signal, ...(init?.signal ? [init.signal] : [])]);
        const headers = needed(init?.headers, asked.key);
        const response = await fetch(input, { method: init?.method ?? 'POST', headers, body: init?.body ?? null, signal: wanted });
        if (!response.ok) throw watch.note(refusal(asked, response.status, response.headers, await beginning(response), now()));
        return await asStream(response, asked, watch, wanted);
      } catch (error) {
        throw watch.note(unreachable(asked, error));
      }
    },
  };
}

/** The same response if it begins like a stream of events; servers lie about the content type. */
async function asStream(response: Response, asked: Asked, watch: Watch, wanted: AbortSignal): Promise<Response> {
  if (response.body === null) throw watch.note(notAStream(asked, ''));
  const reader = response.body.getReader();
  const first = await firstBytes(reader).catch((error: unknown) => {
    throw wanted.aborted ? error : watch.note(cutOff(asked));
  });
  if (/^\s*[<{[]/.test(first.toString('utf8'))) throw watch.note(notAStream(asked, first.toString('utf8') + (await rest(reader))));
  watch.hear(first);
  return new Response(watched(first, reader, asked, watch, wanted), { status: 200, headers: { 'content-type': 'text/event-stream' } });
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** A read that fails is a cut, unless we or the client library hung up. After the closing mark what is left is read, so that the connection can be used again. */
function watched(first: Uint8Array, reader: Reader, asked: Asked, watch: Watch, wanted: AbortSignal): ReadableStream<Uint8Array> {
  let left = false;
  return new ReadableStream({
    start: (controller) => (first.byteLength > 0 ? controller.enqueue(first) : undefined),
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (left) return;
        if (!done) {
          watch.hear(value);
          return controller.enqueue(value);
        }
        watch.end();
        controller.close();
      } catch (error) {
        if (!left) controller.error(wanted.aborted ? error : watch.note(cutOff(asked)));
      }
    },
    async cancel(reason) {
      left = true;
      if (watch.marked()) void rest(reader);
      else await reader.cancel(reason);
    },
  });
}

/** The libraries' own headers describe this computer, which is nobody's business. */
function needed(given: RequestInit['headers'], key: string | null): Record<string, string> {
  const headers = new Headers(given);
  const names = headersNeeded.filter((name) => headers.has(name) && (key !== null || (name !== 'authorization' && name !== 'x-api-key')));
  return { 'user-agent': 'Nacre', ...Object.fromEntries(names.map((name) => [name, headers.get(name) ?? ''])) };
}

async function beginning(response: Response): Promise<string> {
  return response.body === null ? '' : rest(response.body.getReader());
}

/** Reads up to a limit and lets go of what follows; what can't be read counts as nothing. */
async function rest(reader: Reader): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done && size < bytesOfBody; next = await reader.read()) {
      chunks.push(next.value);
      size += next.value.byteLength;
    }
    await reader.cancel();
  } catch (_cut) {
    return Buffer.concat(chunks).toString('utf8');
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Up to the first character that is not white space, which tells a page from a stream. */
async function firstBytes(reader: Reader): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes = Buffer.concat([bytes, next.value]);
    if (/\S/.test(bytes.toString('utf8'))) break;
  }
  return bytes;
}

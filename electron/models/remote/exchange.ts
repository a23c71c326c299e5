// One request to a remote model: a refusal, a page that is no reply, silence or a cut is noticed here, before the client library sees it.
import { unreached } from '../fault/reach.ts';
import { type Asked, cutOff, notAStream, refusal } from './faults.ts';
import { createWatch, type Watch } from './watch.ts';

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

export function createExchange({ asked, fetch, signal, silenceMs, now }: ExchangeParts) {
  const watch = createWatch(asked, silenceMs);
  return {
    problem: watch.problem,
    marked: watch.marked,
    head: watch.head,
    /** Stops the clock and closes the socket, if they are still running. */
    close: watch.stop,
    /** For the client library: passes only headers that the API needs. Rejects where there is a problem. */
    async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
      watch.begin();
      try {
        const wanted = AbortSignal.any([signal, watch.signal, ...(init?.signal ? [init.signal] : [])]);
        const headers = needed(init?.headers, asked.key);
        const response = await fetch(input, { method: init?.method ?? 'POST', headers, body: init?.body ?? null, signal: wanted });
        if (!response.ok)
          throw watch.note(refusal(asked, response.status, response.headers, response.body === null ? '' : await rest(response.body.getReader()), now()));
        if (response.body === null) throw watch.note(notAStream(asked, ''));
        return new Response(watched(response.body.getReader(), asked, watch, wanted), { status: 200, headers: { 'content-type': 'text/event-stream' } });
      } catch (error) {
        throw watch.note({ fault: unreached(asked.host, error, asked.key) });
      }
    },
  };
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * What begins like a page or like JSON is no stream of events, whatever its type says: servers lie. A read that fails is a cut, unless we or the client
 * library hung up. After the closing mark what is left is read, so that the connection can be used again.
 */
function watched(reader: Reader, asked: Asked, watch: Watch, wanted: AbortSignal): ReadableStream<Uint8Array> {
  let begun = false;
  let left = false;
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (left) return;
        if (done) {
          watch.end();
          return controller.close();
        }
        const text = begun ? '' : Buffer.from(value).toString('utf8');
        if (/^\s*[<{[]/.test(text)) throw watch.note(notAStream(asked, text + (await rest(reader))));
        begun ||= /\S/.test(text);
        watch.hear(value);
        controller.enqueue(value);
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

/** Reads up to a limit and lets go of what follows; what can't be read counts as nothing. */
async function rest(reader: Reader): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const read = async (): Promise<void> => {
    for (let next = await reader.read(); !next.done && size < bytesOfBody; next = await reader.read()) {
      chunks.push(next.value);
      size += next.value.byteLength;
    }
    await reader.cancel();
  };
  await read().catch(() => undefined);
  return Buffer.concat(chunks).toString('utf8');
}

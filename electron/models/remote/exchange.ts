// One request to a remote model, watched: a refusal, a page that is no reply, silence or a cut is noticed here, before the client library sees it.
import { type Asked, cutOff, notAStream, type Problem, refusal, timedOut, unreachable } from './faults.ts';

export type Exchange = {
  /** For the client library: passes only headers that the API needs. Rejects where there is a problem. */
  readonly fetch: typeof fetch;
  /** What went wrong so far; the first problem stands. */
  problem(): Problem | null;
  /** True when the stream's own closing mark was seen. */
  marked(): boolean;
  /** The beginning of the reply as text, for a sentence about it. */
  head(): string;
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
  const own = new AbortController();
  let connectionEnded = false;
  let problem: Problem | null = null;
  let head = '';
  let tail = '';

  const note = (found: Problem): Error => {
    problem ??= found;
    return new Error(problem.fault.message);
  };
  let clock: NodeJS.Timeout | undefined;
  const heard = (): void => {
    clearTimeout(clock);
    clock = setTimeout(() => own.abort(note(timedOut(asked, silenceMs))), silenceMs);
  };
  const mark = (): boolean => tail.includes('[DONE]');
  /** After the closing mark the connection is left open for the next request. */
  const close = (): void => {
    clearTimeout(clock);
    if (!mark() && !connectionEnded) own.abort();
  };

  /** Counts as alive, and keeps the first and last characters. */
  function hear(bytes: Uint8Array): void {
    heard();
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    if (head.length < 2000) head += text.slice(0, 2000);
    tail = (tail + text).slice(-40);
  }

  async function judged(response: Response, wanted: AbortSignal): Promise<Response> {
    if (!response.ok) throw note(refusal(asked, response.status, response.headers, await beginning(response), now()));
    if (response.body === null) throw note(notAStream(asked, ''));
    const reader = response.body.getReader();
    const first = await firstBytes(reader);
    if (/^\s*[<{[]/.test(first.toString('utf8'))) throw note(notAStream(asked, first.toString('utf8') + (await rest(reader))));
    hear(first);
    return new Response(watched(first, reader, wanted), { status: 200, headers: { 'content-type': 'text/event-stream' } });
  }

  /** A read that fails is a cut, unless we or the client library hung up. */
  function watched(first: Uint8Array, reader: ReadableStreamDefaultReader<Uint8Array>, wanted: AbortSignal): ReadableStream<Uint8Array> {
    let left = false;
    return new ReadableStream({
      start: (controller) => (first.byteLength > 0 ? controller.enqueue(first) : undefined),
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (left) return;
          if (!done) {
            hear(value);
            return controller.enqueue(value);
          }
          connectionEnded = true;
          controller.close();
        } catch (error) {
          if (!left) controller.error(wanted.aborted ? error : note(cutOff(asked)));
        }
      },
      async cancel(reason) {
        left = true;
        if (mark()) void rest(reader);
        else await reader.cancel(reason);
      },
    });
  }

  return {
    problem: () => problem,
    marked: mark,
    head: () => head,
    close,
    async fetch(input, init) {
      heard();
      try {
        const wanted = AbortSignal.any([signal, own.signal, ...(init?.signal ? [init.signal] : [])]);
        const response = await fetch(input, {
          method: init?.method ?? 'POST',
          headers: needed(init?.headers, asked.key),
          body: init?.body ?? null,
          signal: wanted,
        });
        return await judged(response, wanted);
      } catch (error) {
        throw note(unreachable(asked, error));
      }
    },
  };
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
async function rest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
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
async function firstBytes(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes = Buffer.concat([bytes, next.value]);
    if (/\S/.test(bytes.toString('utf8'))) break;
  }
  return bytes;
}

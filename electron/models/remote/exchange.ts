// One request to a remote model and its reply: a refusal, a page that is no reply, silence or a cut is told as the problem it is.
import { fault } from '../../contract/fault.ts';
import { unreached } from '../fault/reach.ts';
import type { ModelEvent, ModelRequest } from '../model.ts';
import { type Clock, createClock } from '../pause.ts';
import type { CallPiece } from './calls.ts';
import { type Asked, cutOff, errorInStream, notAStream, type Problem, refusal, timedOut } from './faults.ts';

/** A reply in pieces, in the order of arrival. Without `finished` it was cut. */
export type Piece =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'thought'; readonly delta: string }
  | ({ readonly type: 'call' } & CallPiece)
  | { readonly type: 'tokens'; readonly read?: number | undefined; readonly reused?: number | undefined; readonly written?: number | undefined }
  | { readonly type: 'finished'; readonly length: boolean }
  | { readonly type: 'withheld' /** The API's own name for it. */; readonly reason: string };

/** One API's language. */
export type Api = {
  /** Sends the request through its client library by way of `fetch`; may throw whatever that throws. */
  send(request: ModelRequest, fetch: typeof globalThis.fetch, key: string | null): Promise<Response>;
  /** What an event of the reply means. Throws for one that can't be read. */
  read(event: unknown): Iterable<Piece>;
};

export type ExchangeParts = {
  readonly asked: Asked;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the exchange has failed. */
  readonly silenceMs: number;
  readonly now: () => number;
};

/** `problem` is what went wrong below the client library; `head` the beginning of the reply as text, for a sentence about it. */
type Heard = { head: string; problem: Problem | null };
type Line = ExchangeParts & { readonly clock: Clock; readonly heard: Heard };

const headersNeeded = ['accept', 'content-type', 'authorization', 'x-api-key', 'anthropic-version'];
const charactersOfHead = 65_536;
/** How long a stream may stay open behind its own closing mark, in milliseconds: read to its end, the connection can be used again. */
const farewell = 50;

/** Gives each piece to `take` and yields what comes of it; returns the problem, null after a whole reply and after an abort. Never throws. */
export async function* exchange(
  parts: ExchangeParts,
  api: Api,
  request: ModelRequest,
  take: (piece: Piece) => Iterable<ModelEvent>,
): AsyncGenerator<ModelEvent, Problem | null> {
  const { asked, signal, silenceMs } = parts;
  const heard: Heard = { head: '', problem: null };
  const clock = createClock(silenceMs, signal);
  let [begun, finished] = [false, false];
  try {
    for await (const piece of pieces({ ...parts, clock, heard }, api, request)) {
      if (signal.aborted) return null;
      if (piece.type === 'withheld') return { fault: fault('model.withheld', { host: asked.host, reason: piece.reason }) };
      begun = true;
      finished ||= piece.type === 'finished';
      yield* take(piece);
    }
    return finished ? null : /^(data|event):/m.test(heard.head) ? cutOff(asked) : notAStream(asked, heard.head);
  } catch (_reason) {
    if (finished) return null;
    if (clock.silent()) return timedOut(asked, silenceMs);
    // The client library wraps what is thrown, so it was kept; without it the reply could not be read.
    return heard.problem ?? (begun ? cutOff(asked) : notAStream(asked, heard.head));
  } finally {
    clock.stop();
  }
}

async function* pieces(line: Line, api: Api, request: ModelRequest): AsyncGenerator<Piece> {
  const { Stream } = await import('@anthropic-ai/sdk/streaming');
  const response = await api.send(request, (input, init) => send(line, input, init), line.asked.key);
  for await (const { data } of Stream.rawEvents(new Response(ReadableStream.from(listen(line, response))))) {
    if (data.startsWith('[DONE]')) {
      line.clock.hurry(farewell);
      yield { type: 'finished', length: false };
    } else if (data !== '') {
      const event: unknown = JSON.parse(data);
      if (typeof event === 'object' && event !== null && 'error' in event && event.error) throw failed(line, errorInStream(line.asked, data));
      yield* api.read(event);
    }
  }
}

/** For the client library: passes only headers that the API needs, since its own describe this computer, which is nobody's business. */
async function send(line: Line, input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const { asked, clock, fetch, now } = line;
  const headers = new Headers(init.headers);
  const names = headersNeeded.filter((name) => headers.has(name) && (asked.key !== null || (name !== 'authorization' && name !== 'x-api-key')));
  const needed = { 'user-agent': 'Nacre', ...Object.fromEntries(names.map((name) => [name, headers.get(name) ?? ''])) };
  const response = await fetch(input, { method: 'POST', headers: needed, body: init.body ?? null, signal: clock.signal }).catch((error: unknown) => {
    throw failed(line, { fault: unreached(asked.host, error, asked.key) });
  });
  if (response.ok) return response;
  // What can't be read of it counts as nothing.
  await new Response(ReadableStream.from(listen(line, response))).text().catch(() => '');
  line.heard.problem = null;
  throw failed(line, refusal(asked, response.status, response.headers, line.heard.head, now()));
}

/**
 * The bytes of a stream. Of what is none only the beginning is read, for the sentence about it; what begins like a page or like JSON is none, whatever its
 * type says: servers lie.
 */
async function* listen(line: Line, response: Response): AsyncGenerator<Uint8Array> {
  const { clock, heard, asked } = line;
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      clock.heard();
      if (heard.head.length < charactersOfHead) heard.head += decoder.decode(chunk, { stream: true });
      if (response.ok && !/^\s*[<{[]/.test(heard.head)) yield chunk;
      else if (heard.head.length >= charactersOfHead) return;
    }
  } catch (_reason) {
    throw failed(line, cutOff(asked));
  }
}

function failed({ heard }: Line, problem: Problem): Error {
  heard.problem ??= problem;
  return new Error(heard.problem.fault.message);
}

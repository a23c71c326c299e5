// A model at a remote endpoint, whatever its API: tries, waits and tries again, gathers the reply, and says what went wrong.
import { type Fault, fault } from '../../contract/fault.ts';
import type { Profile } from '../../contract/model.ts';
import { estimatePrompt, estimateTokens } from '../estimate.ts';
import type { Model, ModelEvent, ModelRequest } from '../model.ts';
import { pause } from '../pause.ts';
import { type CallPiece, createCalls } from './calls.ts';
import { createExchange } from './exchange.ts';
import { type Asked, busyFault, cutOff, errorInStream, notAStream, type Problem } from './faults.ts';

/** A reply in pieces, in the order of arrival. Without `finished` it was cut. */
export type Piece =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'thought'; readonly delta: string }
  | ({ readonly type: 'call' } & CallPiece)
  | { readonly type: 'tokens'; readonly read?: number | undefined; readonly reused?: number | undefined; readonly written?: number | undefined }
  | { readonly type: 'finished'; readonly length: boolean }
  | { readonly type: 'withheld' /** The API's own name for it. */; readonly reason: string };

/** One try in one API's language. May throw whatever its client library throws. */
export type Api = (request: ModelRequest, exchange: { readonly fetch: typeof fetch; readonly key: string | null }, signal: AbortSignal) => AsyncIterable<Piece>;

export type Limits = {
  /** Milliseconds without a byte after which a reply has failed. */
  readonly silenceMs: number;
  /** How often a busy server is asked, and milliseconds of waiting for it: before the second try, and in all. */
  readonly tries: number;
  readonly firstWaitMs: number;
  readonly waitMs: number;
};

export type RemoteParts = {
  /** Asked at each use, so that a changed key is used at once; null where none is needed. */
  readonly key: () => string | null;
  /** The gate, on behalf of whoever asks. */
  readonly fetchFor: (run: string) => typeof fetch;
  readonly now: () => number;
};

export type Endpoint = RemoteParts & {
  readonly profile: Profile;
  readonly baseUrl: string;
  /** The model's name there. */
  readonly model: string;
  readonly limits?: Partial<Limits>;
};

const usualLimits: Limits = { silenceMs: 120_000, tries: 5, firstWaitMs: 1000, waitMs: 60_000 };

export function createRemoteModel(endpoint: Endpoint, api: Api): Model {
  const limits = { ...usualLimits, ...endpoint.limits };
  const { host } = new URL(endpoint.baseUrl);

  async function* generate(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    let waited = 0;
    for (let tries = 1; ; tries++) {
      if (signal.aborted) return;
      const problem = yield* attempt(request, signal);
      if (problem === null || signal.aborted) return;
      const wait = problem.busy?.againAfterMs ?? limits.firstWaitMs * 2 ** (tries - 1) * (0.75 + Math.random() / 2);
      if (problem.busy === undefined || tries >= limits.tries || waited + wait > limits.waitMs) {
        yield { type: 'fault', fault: problem.busy === undefined ? problem.fault : busyFault(host, problem.busy.status, tries, problem.busy.detail) };
        return;
      }
      yield { type: 'phase', phase: { type: 'retrying', seconds: Math.ceil(wait / 1000) } };
      await pause(wait, signal);
      waited += wait;
    }
  }

  /** One try; the problem if it did not get to the end of a reply. */
  async function* attempt(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, Problem | null> {
    const asked: Asked = { host, model: endpoint.model, key: endpoint.key() };
    const exchange = createExchange({ asked, fetch: endpoint.fetchFor(request.sequence), signal, silenceMs: limits.silenceMs, now: endpoint.now });
    const reply = createReply(endpoint.profile, request);
    yield { type: 'phase', phase: { type: 'reading', tokens: estimatePrompt(request) } };
    try {
      for await (const piece of api(request, { fetch: exchange.fetch, key: asked.key }, signal)) {
        if (signal.aborted) return null;
        if (piece.type === 'withheld') return { fault: fault('model.withheld', { host, reason: piece.reason }) };
        yield* reply.add(piece);
      }
    } catch (error) {
      if (!reply.finished()) return exchange.problem() ?? problemIn(error, reply.begun() ? cutOff(asked) : notAStream(asked, exchange.head()), asked);
    } finally {
      exchange.close();
    }
    if (signal.aborted) return null;
    if (!reply.finished() && !exchange.marked()) return exchange.problem() ?? unfinished(exchange.head(), asked);
    yield reply.end();
    return null;
  }

  return {
    profile: endpoint.profile,
    generate,
    countTokens: async (texts) => texts.map(estimateTokens),
    prefill: async () => undefined,
    close: async () => undefined,
  };
}

/** Asks for a few tokens to see whether the endpoint answers; the fault if it does not. Gives up after half a minute and does not try again. */
export async function checkRemote(endpoint: Endpoint, api: Api): Promise<Fault | null> {
  const model = createRemoteModel({ ...endpoint, limits: { silenceMs: 30_000, ...endpoint.limits, tries: 1 } }, api);
  const request: ModelRequest = { sequence: 'check', lane: 'chat', system: '', tools: [], messages: [{ role: 'user', text: 'Say: ok' }], maxTokens: 16 };
  for await (const event of model.generate(request, new AbortController().signal)) {
    if (event.type === 'fault') return event.fault;
    if (event.type === 'text' || event.type === 'thought') return null;
  }
  return null;
}

/** What a client library throws although the connection is well: an error that the server sent, or `otherwise` where it could not read the reply. */
function problemIn(error: unknown, otherwise: Problem, asked: Asked): Problem {
  const body = error instanceof Error && 'error' in error ? error.error : undefined;
  if (body === undefined || body === null) return otherwise;
  return errorInStream(asked, JSON.stringify(typeof body === 'object' && 'error' in body ? body : { error: body }));
}

/** The connection ended in order, but the reply did not. */
function unfinished(head: string, asked: Asked): Problem {
  return /^(data|event):/m.test(head) ? cutOff(asked) : notAStream(asked, head);
}

function createReply(profile: Profile, request: ModelRequest) {
  const began = performance.now();
  const calls = createCalls();
  const said = { text: '', thought: '' };
  const tokens: { [kind in 'read' | 'reused' | 'written']?: number | undefined } = {};
  let begun = false;
  let firstAt: number | null = null;
  let finished: { readonly length: boolean } | null = null;

  function* add(piece: Piece): Iterable<ModelEvent> {
    begun = true;
    if (piece.type === 'tokens') for (const kind of ['read', 'reused', 'written'] as const) tokens[kind] = piece[kind] ?? tokens[kind];
    if (piece.type === 'finished') finished = piece;
    if (piece.type === 'tokens' || piece.type === 'finished' || piece.type === 'withheld') return;
    firstAt ??= performance.now();
    if (piece.type === 'call') return calls.add(piece);
    if (piece.delta === '') return;
    if (said[piece.type] === '') yield { type: 'phase', phase: { type: piece.type === 'text' ? 'writing' : 'thinking' } };
    said[piece.type] += piece.delta;
    yield piece;
  }

  /** A reply that was cut by its length has no calls: the last of them may be half a call, and the model will be asked again anyway. */
  function end(): ModelEvent {
    const length = finished?.length ?? false;
    const list = length ? [] : calls.list();
    const written = tokens.written ?? estimateTokens(said.text + said.thought + list.map((call) => call.arguments).join(''));
    const read = tokens.read ?? estimatePrompt(request);
    const times = { prefillMs: (firstAt ?? performance.now()) - began, decodeMs: performance.now() - (firstAt ?? performance.now()) };
    const usage = { model: profile.id, where: 'remote' as const, read, reused: tokens.reused ?? 0, written, ...times };
    return { type: 'end', ...said, calls: list, stop: length ? 'length' : list.length > 0 ? 'calls' : 'end', usage };
  }

  return { add, end, begun: () => begun, finished: () => finished !== null };
}

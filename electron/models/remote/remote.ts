// A model at a remote endpoint, whatever its API: tries, waits and tries again, gathers the reply, and says what went wrong.
import type { Fault } from '../../contract/fault.ts';
import type { Profile } from '../../contract/model.ts';
import { estimatePrompt, estimateTokens } from '../estimate.ts';
import type { Model, ModelEvent, ModelRequest } from '../model.ts';
import { pause } from '../pause.ts';
import { createCalls } from './calls.ts';
import { type Api, exchange, type Piece } from './exchange.ts';
import { busyFault, type Problem } from './faults.ts';

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
    const reply = createReply(endpoint.profile, request);
    yield { type: 'phase', phase: { type: 'reading', tokens: estimatePrompt(request) } };
    const asked = { host, model: endpoint.model, key: endpoint.key() };
    const parts = { asked, fetch: endpoint.fetchFor(request.sequence), signal, silenceMs: limits.silenceMs, now: endpoint.now };
    const problem = yield* exchange(parts, api, request, reply.add);
    if (problem !== null || signal.aborted) return problem;
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

function createReply(profile: Profile, request: ModelRequest) {
  const began = performance.now();
  const calls = createCalls();
  const said = { text: '', thought: '' };
  const tokens: { [kind in 'read' | 'reused' | 'written']?: number | undefined } = {};
  let firstAt: number | null = null;
  let finished: { readonly length: boolean } | null = null;

  function* add(piece: Piece): Iterable<ModelEvent> {
    if (piece.type === 'tokens') for (const kind of ['read', 'reused', 'written'] as const) tokens[kind] = piece[kind] ?? tokens[kind];
    if (piece.type === 'finished') finished ??= piece;
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

  return { add, end };
}

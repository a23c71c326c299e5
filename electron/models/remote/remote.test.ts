// What a remote model does when the other side misbehaves: one table, both APIs, a real server.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, sendEvents, serve, type Unruly } from '../../../e2e/fixture/unruly.ts';
import { createGate } from '../../egress/gate.ts';
import type { Model, ModelEvent, ModelRequest } from '../model.ts';
import { anthropicApi } from './anthropic.ts';
import { openaiApi } from './openai.ts';
import { checkRemote, createRemoteModel, type Endpoint, type Limits } from './remote.ts';

const key = 'sk-very-secret-key';
const request: ModelRequest = { sequence: 'c1', lane: 'chat', system: 'You are Nacre.', tools: [], messages: [{ role: 'user', text: 'hi' }] };
const quick: Limits = { silenceMs: 10_000, tries: 5, firstWaitMs: 1, waitMs: 60_000 };

const apis = {
  openai: {
    api: openaiApi,
    begin: [{ choices: [{ delta: { role: 'assistant', content: 'Hel' } }] }],
    half: [{ choices: [{ delta: { tool_calls: [{ index: 0, id: 'x', function: { name: 'write_file', arguments: '{"path":"a' } }] } }] }],
    rest: [{ choices: [{ delta: { content: 'lo' }, finish_reason: 'stop' }] }, 'data: [DONE]\n\n'],
  },
  anthropic: {
    api: anthropicApi,
    begin: [
      { type: 'message_start', message: { usage: { input_tokens: 5, output_tokens: 1 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } },
    ],
    half: [
      { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'x', name: 'write_file', input: {} } },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"path":"a' } },
    ],
    rest: [
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
      { type: 'message_stop' },
    ],
  },
} as const;
type Kind = keyof typeof apis;

const servers: Unruly[] = [];
afterEach(async () => void (await Promise.all(servers.splice(0).map((server) => server.close()))));

function endpointAt(url: string, limits: Partial<Limits> = {}, offline = false): Endpoint {
  const gate = createGate({ offline: () => offline, record: () => undefined, now: Date.now });
  const profile = { id: 'remote:t', name: 'T', where: 'remote', contextTokens: 32_000, tier: 'standard' } as const;
  return {
    profile,
    baseUrl: `${url}/v1`,
    model: 'm1',
    key: () => key,
    fetchFor: (run) => gate.fetchFor('model.reply', run),
    now: Date.now,
    limits: { ...quick, ...limits },
  };
}

function modelAt(kind: Kind, url: string, limits: Partial<Limits> = {}, offline = false): Model {
  const endpoint = endpointAt(url, limits, offline);
  return createRemoteModel(endpoint, apis[kind].api(endpoint.baseUrl, endpoint.model));
}

async function start(answer: Answer): Promise<Unruly> {
  const server = await serve(answer);
  servers.push(server);
  return server;
}

async function events(model: Model, signal = new AbortController().signal): Promise<ModelEvent[]> {
  const all: ModelEvent[] = [];
  for await (const event of model.generate(request, signal)) all.push(event);
  return all;
}

function status(code: number, body: string, headers: Record<string, string> = {}): (response: ServerResponse) => void {
  return (response) => void response.writeHead(code, headers).end(body);
}
const asError = (message: string, more: object = {}) => JSON.stringify({ error: { message, ...more } });
const page = '<!doctype html><html><head><title>\n Welcome to nginx! </title></head><body>hi</body></html>';

type Row = { title: string; answer: (response: ServerResponse, kind: Kind) => void; fault: object; limits?: Partial<Limits> };
const rows: readonly Row[] = [
  {
    title: 'a wrong key',
    answer: status(401, asError(`Incorrect API key provided: ${key}`)),
    fault: { code: 'model.wrong-key', values: { status: 401, detail: 'Incorrect API key provided: [key]' } },
  },
  {
    title: 'a wrong key, repeated otherwise than it was sent, with others beside it',
    answer: status(401, asError('Bad key sk-SECRET123 (Bearer abc.DEF-456) hf_aBcDeFgH12 eyJhbGciOiJI.eyJzdWIi.c2ln a1b2c3d4e5f6a7b8c9d0e1f2, see the docs')),
    fault: { code: 'model.wrong-key', values: { detail: 'Bad key [key] (Bearer [key]) [key] [key] [key], see the docs' } },
  },
  {
    title: 'a key without permission',
    answer: status(403, asError('no access')),
    fault: { code: 'model.wrong-key', values: { status: 403, detail: 'no access' } },
  },
  { title: 'a wrong address', answer: status(404, '404 page not found'), fault: { code: 'model.wrong-address', values: { status: 404 } } },
  { title: 'a wrong address that has a page', answer: status(404, page), fault: { code: 'model.wrong-address' } },
  {
    title: 'an unknown model',
    answer: status(404, asError('The model `m1` does not exist', { code: 'model_not_found' })),
    fault: { code: 'model.unknown-model', values: { model: 'm1' } },
  },
  {
    title: 'an unknown model, said otherwise',
    answer: status(404, '{"type":"error","error":{"type":"not_found_error","message":"model: m1"}}'),
    fault: { code: 'model.unknown-model' },
  },
  {
    title: 'a page instead of a reply',
    answer: status(200, page, { 'content-type': 'text/html' }),
    fault: { code: 'model.not-json-page', values: { title: 'Welcome to nginx!' } },
  },
  { title: 'a page that claims to be a stream', answer: status(200, page, { 'content-type': 'text/event-stream' }), fault: { code: 'model.not-json-page' } },
  { title: 'a page without a title', answer: status(200, '<html>'), fault: { code: 'model.not-json-page', values: { title: '<html>' } } },
  { title: 'plain text', answer: status(200, 'It works!'), fault: { code: 'model.not-json', values: { found: 'It works!' } } },
  { title: 'an empty reply', answer: status(200, ''), fault: { code: 'model.not-json-empty' } },
  {
    title: 'a reply that is not a stream',
    answer: status(200, '{"choices":[]}'),
    fault: { code: 'model.not-stream' },
  },
  {
    title: 'a stream of noise',
    answer: (response) => sendEvents(response, ['event: message_start\ndata: %%%\n\n', 'data: more\n\n']),
    fault: { code: 'model.not-json' },
  },
  {
    title: 'success with an error in it',
    answer: status(200, asError('out of credit')),
    fault: { code: 'model.refused', values: { status: 200, detail: 'out of credit' } },
  },
  {
    title: 'a request it does not like',
    answer: status(400, asError('bad tool schema')),
    fault: { code: 'model.refused', values: { status: 400, detail: 'bad tool schema' } },
  },
  {
    title: 'a prompt that is too long',
    answer: status(400, asError('prompt is too long: 210000 tokens > 200000 maximum')),
    fault: { code: 'model.context-full', values: { needed: 210_000, limit: 200_000 } },
  },
  {
    title: 'a prompt that is too long by nobody knows how much',
    answer: status(400, asError('This is longer than the maximum context length')),
    fault: { code: 'model.context-over', values: { detail: 'This is longer than the maximum context length' } },
  },
  { title: 'a refusal without a reason', answer: status(418, ''), fault: { code: 'model.refused', values: { status: 418, detail: "I'm a Teapot" } } },
  {
    title: 'no more quota',
    answer: status(429, asError('You exceeded your quota', { type: 'insufficient_quota' })),
    fault: { code: 'model.refused', values: { status: 429 } },
  },
  { title: 'five times busy', answer: status(503, 'down'), fault: { code: 'model.failing', retry: true, values: { status: 503, tries: 5 } } },
  {
    title: 'busy for longer than anyone waits',
    answer: status(429, '', { 'retry-after': '3600' }),
    fault: { code: 'model.busy', values: { status: 429, tries: 1 } },
  },
  { title: 'a connection closed at once', answer: (response) => void response.destroy(), fault: { code: 'model.unreachable-closed', retry: true } },
  { title: 'silence', answer: () => undefined, fault: { code: 'model.timed-out', retry: true }, limits: { silenceMs: 80 } },
  {
    title: 'silence after the first words',
    answer: (response, kind) => sendEvents(response, apis[kind].begin),
    fault: { code: 'model.timed-out', retry: true },
    limits: { silenceMs: 80 },
  },
  {
    title: 'a stream cut half-way through a call',
    answer: (response, kind) => {
      sendEvents(response, [...apis[kind].begin, ...apis[kind].half]);
      setTimeout(() => response.destroy(), 20);
    },
    fault: { code: 'model.cut-off', retry: true },
  },
  {
    title: 'a stream that ends politely but too early',
    answer: (response, kind) => {
      sendEvents(response, [...apis[kind].begin, ...apis[kind].half]);
      response.end();
    },
    fault: { code: 'model.cut-off', retry: true },
  },
  {
    title: 'a stream that ends inside a line',
    answer: (response, kind) => {
      sendEvents(response, [...apis[kind].begin, 'event: content_block_delta\ndata: {"choices":[{"del\n\n']);
      response.end();
    },
    fault: { code: 'model.cut-off' },
  },
];

describe.each(['openai', 'anthropic'] as const)('with the %s API', (kind) => {
  test.each(rows)('$title becomes one fault in words, and nothing is called', async ({ answer, fault, limits }) => {
    const server = await start((response) => answer(response, kind));
    const said = await events(modelAt(kind, server.url, limits));
    expect(said.at(-1)).toMatchObject({ type: 'fault', fault });
    expect(said.filter((event) => event.type === 'end')).toEqual([]);
    expect(JSON.stringify(said)).not.toContain(key);
    expect(JSON.stringify(said)).not.toContain('{{');
  });

  test('a busy server is asked again after the time it names, and the wait is announced', async () => {
    const server = await start((response, _, nth) =>
      nth === 1 ? status(429, '', { 'retry-after': '1' })(response) : (sendEvents(response, [...apis[kind].begin, ...apis[kind].rest]) ?? void response.end()),
    );
    const said = await events(modelAt(kind, server.url));
    expect(said.filter((event) => event.type === 'phase').map(({ phase }) => phase.type)).toEqual(['reading', 'retrying', 'reading', 'writing']);
    expect(said).toContainEqual({ type: 'phase', phase: { type: 'retrying', seconds: 1 } });
    expect(said.at(-1)).toMatchObject({ type: 'end', text: 'Hello', stop: 'end' });
  });

  test('a server that keeps the connection open behind its closing mark has ended its reply', async () => {
    const server = await start((response) => sendEvents(response, [...apis[kind].begin, ...apis[kind].rest, 'data: [DONE]\n\n']));
    expect((await events(modelAt(kind, server.url))).at(-1)).toMatchObject({ type: 'end', text: 'Hello', stop: 'end' });
  });

  test('stopping in the middle ends the stream at once, without an end, and closes the socket', async () => {
    let gone: Promise<unknown> = Promise.resolve();
    const server = await start((response) => {
      gone = once(response, 'close');
      sendEvents(response, apis[kind].begin);
    });
    const stop = new AbortController();
    const types: string[] = [];
    for await (const event of modelAt(kind, server.url).generate(request, stop.signal)) {
      types.push(event.type);
      if (event.type === 'text') stop.abort();
    }
    await gone;
    expect(types).toEqual(['phase', 'phase', 'text']);
  });

  test('stopping while it waits for a busy server ends the wait', async () => {
    const server = await start(status(429, '', { 'retry-after': '50' }));
    const stop = new AbortController();
    const types: string[] = [];
    for await (const event of modelAt(kind, server.url).generate(request, stop.signal)) {
      types.push(event.type === 'phase' ? event.phase.type : event.type);
      if (types.at(-1) === 'retrying') stop.abort();
    }
    expect(types).toEqual(['reading', 'retrying']);
  });

  test('a request stopped before it began is never sent', async () => {
    const server = await start(status(500, ''));
    expect([await events(modelAt(kind, server.url), AbortSignal.abort()), server.asked]).toEqual([[], []]);
  });

  test('offline, nothing is sent', async () => {
    const server = await start(status(500, ''));
    expect((await events(modelAt(kind, server.url, {}, true))).at(-1)).toMatchObject({
      type: 'fault',
      fault: { code: 'network.offline', values: { host: server.host } },
    });
    expect(server.connections()).toBe(0);
  });

  test('nobody listening, a name that does not exist, and a port that is never asked, are said in words', async () => {
    const closed = await serve(() => undefined);
    await closed.close();
    for (const [url, code, retry] of [
      [closed.url, /^model.unreachable-refused$/, true],
      ['http://no-such-host.invalid', /^model.unreachable-(name|network)$/, true],
      ['http://127.0.0.1:1', /^model.unreachable-port$/, false],
    ] as const) {
      expect((await events(modelAt(kind, url))).at(-1)).toMatchObject({ type: 'fault', fault: { code: expect.stringMatching(code), retry } });
    }
  });

  test('https to a server that speaks http is said in words', async () => {
    const server = await start(status(200, ''));
    expect((await events(modelAt(kind, server.url.replace('http:', 'https:')))).at(-1)).toMatchObject({
      type: 'fault',
      fault: { code: 'model.unreachable-https' },
    });
  });

  test('an endpoint is checked with one tiny request', async () => {
    const good = await start((response) => sendEvents(response, [...apis[kind].begin, ...apis[kind].rest]) ?? void response.end());
    const bad = await start(status(401, asError('no')));
    const check = (url: string) => checkRemote(endpointAt(url), apis[kind].api(`${url}/v1`, 'm1'));
    expect([await check(good.url), (await check(bad.url))?.code, JSON.parse(good.asked[0]?.body ?? '').max_tokens]).toEqual([null, 'model.wrong-key', 16]);
  });

  test('nothing about this computer is sent, and the connection is kept for the next request', async () => {
    const server = await start((response) => sendEvents(response, [...apis[kind].begin, ...apis[kind].rest]) ?? void response.end());
    const model = modelAt(kind, server.url);
    for (let nth = 0; nth < 5; nth++) await events(model);
    expect(Object.keys(server.asked[0]?.headers ?? {}).filter((name) => /stainless|^os|arch/.test(name))).toEqual([]);
    expect(server.asked[0]?.headers['user-agent']).toBe('Nacre');
    expect([server.asked.length, server.connections() < 5]).toEqual([5, true]);
  });
});

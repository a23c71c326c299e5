// What is sent to each API and how its replies are read, against a real server.
import { afterEach, expect, test } from 'vitest';
import { sendEvents, serve, type Unruly } from '../../../e2e/fixture/unruly.ts';
import { createGate } from '../../egress/gate.ts';
import type { ModelEvent, ModelMessage, ModelRequest } from '../model.ts';
import { anthropicApi } from './anthropic.ts';
import { openaiApi } from './openai.ts';
import { createRemoteModel } from './remote.ts';

const apis = { openai: openaiApi, anthropic: anthropicApi };
const servers: Unruly[] = [];
afterEach(async () => void (await Promise.all(servers.splice(0).map((server) => server.close()))));

const weather = { name: 'weather', description: 'The weather.', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } };
const ask: ModelRequest = { sequence: 'c1', lane: 'chat', system: 'You are Nacre.', tools: [weather], messages: [{ role: 'user', text: 'hi' }] };

/** Sends the request to a server that replies with these events; what the server got, and how the reply ended. */
async function exchange(kind: keyof typeof apis, events: readonly (object | string)[], request: ModelRequest = ask, key: string | null = 'k') {
  const server = await serve((response) => {
    sendEvents(response, events);
    response.end();
  });
  servers.push(server);
  const gate = createGate({ offline: () => false, record: () => undefined, now: Date.now });
  const profile = { id: 'remote:t', name: 'T', where: 'remote', contextTokens: 32_000, tier: 'standard' } as const;
  const baseUrl = `${server.url}/v1`;
  const model = createRemoteModel(
    { profile, baseUrl, model: 'm1', key: () => key, fetchFor: (run) => gate.fetchFor('model.reply', run), now: Date.now },
    apis[kind](baseUrl, 'm1'),
  );
  const all: ModelEvent[] = [];
  for await (const event of model.generate(request, new AbortController().signal)) all.push(event);
  const end = all.at(-1);
  if (end?.type !== 'end') throw new Error(JSON.stringify(end));
  const calls = end.calls.map((call) => `${call.tool} ${call.arguments}`);
  return { asked: server.asked[0], body: JSON.parse(server.asked[0]?.body ?? ''), end, calls, all };
}

const delta = (delta: object, finish_reason: string | null = null) => ({ choices: [{ index: 0, delta, finish_reason }] });
const call = (index: number | undefined, id: string | undefined, name: string | undefined, args: unknown) =>
  delta({
    tool_calls: [
      {
        ...(index === undefined ? {} : { index }),
        ...(id === undefined ? {} : { id }),
        function: { ...(name === undefined ? {} : { name }), arguments: args },
      },
    ],
  });
const done = delta({}, 'tool_calls');

const two = ['weather {"city":"Paris"}', 'weather {"city":"Rome"}'];
const splits: readonly (readonly [string, readonly object[], readonly string[]])[] = [
  ['whole calls', [call(0, 'a', 'weather', '{"city":"Paris"}'), call(1, 'b', 'weather', '{"city":"Rome"}'), done], two],
  [
    'calls split at every character',
    [
      call(0, 'a', '', ''),
      ...[...'weather'].map((letter) => call(0, undefined, letter, '')),
      ...[...'{"city":"Paris"}'].map((letter) => call(0, undefined, undefined, letter)),
      call(1, 'b', 'weather', '{"city":"Rome"}'),
      done,
    ],
    two,
  ],
  [
    'interleaved calls',
    [
      call(0, 'a', 'weather', '{"city"'),
      call(1, 'b', 'weather', '{"city":'),
      call(0, undefined, undefined, ':"Paris"}'),
      call(1, undefined, undefined, '"Rome"}'),
      done,
    ],
    two,
  ],
  [
    'calls that all have index 0',
    [call(0, 'a', 'weather', '{"city":"Paris"}'), call(0, 'b', 'weather', '{"city":'), call(0, 'b', undefined, '"Rome"}'), done],
    two,
  ],
  [
    'calls without an index',
    [call(undefined, 'a', 'weather', '{"city":'), call(undefined, undefined, undefined, '"Paris"}'), call(undefined, 'b', 'weather', '{"city":"Rome"}'), done],
    two,
  ],
  [
    'calls without index and id',
    [call(undefined, undefined, 'weather', '{"city":"Paris"}'), call(undefined, undefined, 'weather', '{"city":"Rome"}'), done],
    two,
  ],
  ['calls that repeat their name', [call(0, 'a', 'weather', '{"city":'), call(0, 'a', 'weather', '"Paris"}'), done], ['weather {"city":"Paris"}']],
  ['calls that begin at index 1', [call(1, 'a', 'weather', '{"city":"Paris"}'), done], ['weather {"city":"Paris"}']],
  ['arguments as an object', [call(0, 'a', 'weather', { city: 'Paris' }), done], ['weather {"city":"Paris"}']],
  ['no arguments', [call(0, 'a', 'weather', ''), done], ['weather {}']],
  ['malformed arguments, which are passed on as they are', [call(0, 'a', 'weather', '{"city": Paris'), done], ['weather {"city": Paris']],
  ['a call that is said to end in the ordinary way', [call(0, 'a', 'weather', '{}'), delta({}, 'stop')], ['weather {}']],
];
test.each(splits)('with the OpenAI API, %s are read', async (_, events, expected) => {
  const { calls, end } = await exchange('openai', events);
  expect([calls, end.stop]).toEqual([expected, 'calls']);
  expect(new Set(end.calls.map(({ id }) => id)).size).toBe(expected.length);
});

test('usage is what the server reports, with cached tokens apart; a server that reports none is estimated upwards', async () => {
  const usage = { choices: [], usage: { prompt_tokens: 100, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 80 } } };
  const reported = await exchange('openai', [delta({ content: 'hi' }), delta({}, 'stop'), usage, 'data: [DONE]\n\n']);
  expect(reported.end.usage).toMatchObject({ model: 'remote:t', where: 'remote', read: 20, reused: 80, written: 7 });
  const silent = await exchange('openai', [delta({ content: 'hi' }), delta({}, 'stop')]);
  expect(silent.end.usage.read).toBeGreaterThan(10);
});

test.each(['reasoning_content', 'reasoning'])('with the OpenAI API, %s streams as thought', async (name) => {
  const { end, all } = await exchange('openai', [delta({ [name]: 'hm' }), delta({ content: 'yes' }), delta({}, 'stop')]);
  expect([end.thought, end.text]).toEqual(['hm', 'yes']);
  expect(all.flatMap((event) => (event.type === 'phase' ? [event.phase.type] : []))).toEqual(['reading', 'thinking', 'writing']);
});

test('a reply that reached its length has no calls, since the last may be half a call', async () => {
  const { end } = await exchange('openai', [delta({ content: 'so' }), call(0, 'a', 'weather', '{"ci'), delta({}, 'length')]);
  expect([end.stop, end.text, end.calls]).toEqual(['length', 'so', []]);
});

test('a server that closes the stream properly but forgets the reason has finished', async () => {
  expect((await exchange('openai', [delta({ content: 'hi' }), 'data: [DONE]\n\n'])).end.text).toBe('hi');
});

test('comments, odd fields and lines split anywhere do no harm', async () => {
  const text = `: keep-alive\n\ndata: ${JSON.stringify({ ...delta({ content: 'é中🐚' }), extra: 1, choices: [{ delta: { content: 'é中🐚', tool_calls: 'odd' }, logprobs: null }] })}\n\n`;
  const { end } = await exchange('openai', [...text.split(/(?<=中)/), delta({}, 'stop')]);
  expect(end.text).toBe('é中🐚');
});

const talk: readonly ModelMessage[] = [
  { role: 'user', text: 'weather?' },
  { role: 'user', text: 'in both' },
  {
    role: 'assistant',
    text: '',
    calls: [
      { id: 'a:1', tool: 'weather', arguments: '{"city":"Paris"}' },
      { id: 'b', tool: 'weather', arguments: '{"city": Rome' },
      { id: 'c', tool: 'weather', arguments: '{}' },
    ],
  },
  { role: 'tool', call: 'b', tool: 'weather', text: 'can not be read' },
  { role: 'tool', call: 'a:1', tool: 'weather', text: '' },
  { role: 'tool', call: 'gone', tool: 'weather', text: 'orphan' },
  { role: 'assistant', text: '', calls: [] },
  { role: 'user', text: 'go on' },
];
const wrapped = { unreadable: '{"city": Rome', reason: expect.stringContaining('SyntaxError') };

test('with the OpenAI API, a conversation is sent with every call paired with its result', async () => {
  const { body, asked } = await exchange('openai', [delta({ content: 'x' }, 'stop')], { ...ask, messages: talk, maxTokens: 50 });
  const sent = body.messages[3].tool_calls.map((one: { function: { arguments: string } }) => JSON.parse(one.function.arguments));
  expect(sent).toEqual([{ city: 'Paris' }, wrapped, {}]);
  expect(
    body.messages.map((message: { role: string; content: string | null; tool_call_id?: string }) => [
      message.role,
      message.tool_call_id ?? null,
      message.content,
    ]),
  ).toEqual([
    ['system', null, 'You are Nacre.'],
    ['user', null, 'weather?'],
    ['user', null, 'in both'],
    ['assistant', null, null],
    ['tool', 'call00001', '(no output)'],
    ['tool', 'call00002', 'can not be read'],
    ['tool', 'call00003', '(no output)'],
    ['user', null, 'go on'],
  ]);
  expect([body.stream, body.stream_options, body.max_tokens, body.tools, asked?.url, asked?.headers.authorization]).toEqual([
    true,
    { include_usage: true },
    50,
    [{ type: 'function', function: weather }],
    '/v1/chat/completions',
    'Bearer k',
  ]);
});

test('an endpoint without a key is asked without one', async () => {
  for (const kind of ['openai', 'anthropic'] as const) {
    const { asked } = await exchange(kind, kind === 'openai' ? [delta({ content: 'x' }, 'stop')] : plain, ask, null);
    expect([asked?.headers.authorization, asked?.headers['x-api-key']]).toEqual([undefined, undefined]);
  }
});

const start = {
  type: 'message_start',
  message: { usage: { input_tokens: 10, cache_creation_input_tokens: 5, cache_read_input_tokens: 85, output_tokens: 1 } },
};
const block = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block });
const grow = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta });
const finish = (stop_reason: string) => ({ type: 'message_delta', delta: { stop_reason }, usage: { output_tokens: 9 } });
const plain = [start, block(0, { type: 'text', text: 'x' }), finish('end_turn'), { type: 'message_stop' }];

test('with the Anthropic API, thought, text, calls and cached tokens are read', async () => {
  const { end, calls } = await exchange('anthropic', [
    start,
    block(0, { type: 'thinking', thinking: '' }),
    grow(0, { type: 'thinking_delta', thinking: 'hm' }),
    { type: 'ping' },
    block(1, { type: 'text', text: '' }),
    grow(1, { type: 'text_delta', text: 'yes' }),
    block(2, { type: 'tool_use', id: 't1', name: 'weather', input: {} }),
    grow(2, { type: 'input_json_delta', partial_json: '{"city":' }),
    grow(2, { type: 'input_json_delta', partial_json: '"Paris"}' }),
    block(3, { type: 'tool_use', id: 't2', name: 'weather', input: { city: 'Rome' } }),
    finish('tool_use'),
    { type: 'message_stop' },
  ]);
  expect([end.thought, end.text, calls, end.stop]).toEqual(['hm', 'yes', two, 'calls']);
  expect(end.usage).toMatchObject({ read: 15, reused: 85, written: 9 });
});

test('with the Anthropic API, results open the next user message and the stable prefix is marked for the cache', async () => {
  const { body, asked } = await exchange('anthropic', plain, { ...ask, messages: talk });
  const mark = { cache_control: { type: 'ephemeral' } };
  expect(body.system).toEqual([{ type: 'text', text: 'You are Nacre.', ...mark }]);
  expect(body.messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'weather?' },
        { type: 'text', text: 'in both' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'tool_use', id: 'call00001', name: 'weather', input: { city: 'Paris' } },
        { type: 'tool_use', id: 'call00002', name: 'weather', input: wrapped },
        { type: 'tool_use', id: 'call00003', name: 'weather', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'call00001', content: '(no output)' },
        { type: 'tool_result', tool_use_id: 'call00002', content: 'can not be read' },
        { type: 'tool_result', tool_use_id: 'call00003', content: '(no output)' },
        { type: 'text', text: 'go on', ...mark },
      ],
    },
  ]);
  expect([asked?.url, asked?.headers.authorization, body.tools[0].input_schema, body.max_tokens]).toEqual([
    '/v1/messages',
    'Bearer k',
    weather.parameters,
    8192,
  ]);
});

test('with the Anthropic API, a conversation that begins with the assistant is given an opening', async () => {
  const { body } = await exchange('anthropic', plain, {
    ...ask,
    messages: [
      { role: 'assistant', text: 'earlier', calls: [] },
      { role: 'user', text: 'hi' },
    ],
  });
  expect(body.messages.map((message: { role: string }) => message.role)).toEqual(['user', 'assistant', 'user']);
});

test('calls of two runs that were numbered alike get different ids', async () => {
  const run: readonly ModelMessage[] = [
    { role: 'user', text: 'weather?' },
    { role: 'assistant', text: '', calls: [{ id: 'c1_1', tool: 'weather', arguments: '{}' }] },
    { role: 'tool', call: 'c1_1', tool: 'weather', text: 'sun' },
  ];
  const { body } = await exchange('anthropic', plain, { ...ask, messages: [...run, ...run] });
  expect(
    body.messages.flatMap(({ content }: { content: { id?: string; tool_use_id?: string }[] }) => content.flatMap(({ id, tool_use_id: of }) => id ?? of ?? [])),
  ).toEqual(['call00001', 'call00001', 'call00002', 'call00002']);
});

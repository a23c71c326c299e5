import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { fixturePath, makeFixture } from '../../e2e/fixture/make.ts';
import type { ChildLink } from '../../local-models/link.ts';
import { createEngine } from '../../local-models/llama.ts';
import { startNodeChild } from '../../local-models/node-child.ts';
import { createSupervisedEngine } from '../../local-models/supervised.ts';
import { createLocalModel, localProfile, usableFile } from './local.ts';
import type { Model, ModelEvent, ModelRequest } from './model.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-local-'));
const engine = createEngine();
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const request: ModelRequest = { sequence: 'c1', lane: 'chat', system: 'Be brief.', tools: [], messages: [{ role: 'user', text: 'Hello' }], maxTokens: 30 };
const facts = { ok: true, name: 'x', architecture: 'llama', contextTokens: 40_960, parameters: 4.02e9, bytes: 1, hasTemplate: true } as const;

function local(file = fixturePath(), on = engine): Model {
  const profile = localProfile('m1', 'Fixture', { ...facts, contextTokens: 8192 }, 4096);
  return createLocalModel({ profile, file, engine: on, gpu: 'off', contextTokens: 4096 });
}

async function collect(model: Model, input = request, signal = new AbortController().signal): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of model.generate(input, signal)) events.push(event);
  return events;
}

test('a first reply passes through waiting, loading, reading and writing to its end', async () => {
  const events = await collect(local());
  const phases = events.flatMap((event) => (event.type === 'phase' ? [event.phase.type] : []));
  expect([...new Set(phases)]).toEqual(['queued', 'loading', 'reading', 'writing']);
  const text = events.flatMap((event) => (event.type === 'text' ? [event.delta] : [])).join('');
  expect(events.at(-1)).toMatchObject({ type: 'end', text, calls: [], usage: { model: 'm1', where: 'local', read: expect.any(Number) } });
});

test('after an abort the stream ends with neither an end nor a fault', async () => {
  const controller = new AbortController();
  const events: ModelEvent[] = [];
  for await (const event of local().generate({ ...request, maxTokens: 2000 }, controller.signal)) {
    events.push(event);
    if (event.type === 'text') controller.abort();
  }
  expect(events.filter((event) => event.type === 'end' || event.type === 'fault')).toEqual([]);
  expect(await collect(local(), request, AbortSignal.abort())).toEqual([{ type: 'phase', phase: { type: 'queued' } }]);
});

test('a reader who leaves early stops the reply, and the next one can begin', async () => {
  for await (const event of local().generate({ ...request, maxTokens: 2000 }, new AbortController().signal)) if (event.type === 'text') break;
  expect((await collect(local())).at(-1)).toMatchObject({ type: 'end' });
});

test('a file that is gone, damaged or too much for its context is a fault with words for it', async () => {
  const gone = join(folder, 'gone.gguf');
  const noise = join(folder, 'noise.gguf');
  writeFileSync(noise, Buffer.alloc(2048, 7));
  const long: ModelRequest = { ...request, messages: [{ role: 'user', text: 'word '.repeat(6000) }] };
  expect([(await collect(local(gone))).at(-1), (await collect(local(noise))).at(-1), (await collect(local(), long)).at(-1)]).toMatchObject([
    { type: 'fault', fault: { code: 'model.gone', values: { name: 'Fixture', path: gone } } },
    { type: 'fault', fault: { code: 'model.not-gguf', message: `${noise} is not a usable GGUF model file: it does not begin with the letters GGUF.` } },
    { type: 'fault', fault: { code: 'model.context-full', values: { limit: 4096 } } },
  ]);
  await expect(usableFile(folder)).rejects.toMatchObject({ fault: { code: 'model.file-not-a-file', values: { path: folder } } });
});

const whole = makeFixture(5);
const changed = (from: string, to: string): Buffer => Buffer.from(Buffer.from(whole).toString('latin1').replace(from, to), 'latin1');
test.each([
  ['another kind of file', Buffer.from('%PDF-1.7 and so on, and so on'), 'model.not-gguf', {}],
  ['half a download', whole.subarray(0, 5000), 'model.file-cut-off', { bytes: 5000 }],
  ['the first letters of a download', Buffer.from('GG'), 'model.file-cut-off', { bytes: 2 }],
  ['an empty file', Buffer.alloc(0), 'model.file-cut-off', { bytes: 0 }],
  [
    'a header with nonsense in it',
    Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(60, 9)]),
    'model.file-damaged',
    { detail: expect.stringContaining('version') },
  ],
  ['a part of a model', changed('tokenizer.ggml.model', 'tokenizer.ggml.mudel'), 'model.file-not-language', { detail: 'it has no tokenizer' }],
])('%s is refused with what is wrong with it', async (_, bytes, code, values) => {
  const path = join(folder, 'refused.gguf');
  writeFileSync(path, bytes);
  await expect(usableFile(path)).rejects.toMatchObject({ fault: { code, values: { path, ...values } } });
});

test('a file that is not there is said to be missing', async () => {
  const path = join(folder, 'none.gguf');
  await expect(usableFile(path)).rejects.toMatchObject({ fault: { code: 'model.file-missing', values: { path } } });
});

test('when the engine dies in the middle of a reply the fault can be retried, and the retry succeeds', async () => {
  const links: ChildLink[] = [];
  const start = startNodeChild(join(import.meta.dirname, '..', '..', 'local-models', 'child.ts'));
  const supervised = createSupervisedEngine(() => {
    const link = start();
    links.push(link);
    return link;
  });
  const model = local(fixturePath(), supervised);
  const events: ModelEvent[] = [];
  for await (const event of model.generate({ ...request, maxTokens: 2000 }, new AbortController().signal)) {
    events.push(event);
    // Not later: the tiny model may have said everything by its first word.
    if (event.type === 'phase' && event.phase.type === 'reading') links[0]?.kill();
  }
  expect(events.at(-1)).toMatchObject({ type: 'fault', fault: { code: 'model.engine-died', retry: true } });
  expect((await collect(model)).at(-1)).toMatchObject({ type: 'end' });
  await model.close();
  await supervised.close();
});

test('two models that take turns in one engine each get their own replies', async () => {
  const second = join(folder, 'second.gguf');
  writeFileSync(second, makeFixture(5));
  const replies = await Promise.all([collect(local()), collect(local(second))]);
  expect(replies.map((events) => events.at(-1)?.type)).toEqual(['end', 'end']);
});

test('tokens are counted exactly, and guessed upwards where the model is missing', async () => {
  const model = local();
  expect(await model.countTokens(['The file', ''])).toEqual(await engine.count(fixturePath(), ['The file', '']));
  expect(await local(join(folder, 'gone.gguf')).countTokens(['The file', ''])).toEqual([4, 0]);
});

test('reading ahead never fails, and a closed model frees its memory', async () => {
  await local(join(folder, 'gone.gguf')).prefill(request);
  const model = local();
  await model.prefill(request);
  await model.close();
  await model.close();
  await expect(engine.count(fixturePath(), ['a'])).rejects.toMatchObject({ code: 'not-loaded' });
});

test('small models and small contexts get the small prompt', () => {
  const tier = (parameters: number, contextTokens: number) => localProfile('m', 'M', { ...facts, parameters, contextTokens }, 0).tier;
  expect([tier(4.02e9, 32_768), tier(8e9, 8192), tier(8e9, 32_768), tier(3.2e10, 131_072)]).toEqual(['small', 'small', 'standard', 'large']);
  expect(localProfile('m', 'M', facts, 0).contextTokens).toBe(32_768);
});

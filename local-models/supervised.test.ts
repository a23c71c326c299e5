import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fixturePath, makeFixture } from '../e2e/fixture/make.ts';
import type { GenerateRequest, LoadRequest, Piece } from './engine.ts';
import type { ChildLink } from './link.ts';
import { startNodeChild } from './node-child.ts';
import { createSupervisedEngine } from './supervised.ts';

const entry = join(import.meta.dirname, 'child.ts');
const load: LoadRequest = { file: fixturePath(), gpu: 'off', contextTokens: 4096, threads: 0 };
const hello: GenerateRequest = {
  file: fixturePath(),
  lane: 'chat',
  system: 'Be brief.',
  tools: [],
  messages: [{ role: 'user', text: 'Hello' }],
  seed: 1,
  maxTokens: 20,
};
const long: GenerateRequest = { ...hello, maxTokens: 4000, temperature: 0 };

const engines: { close(): Promise<void> }[] = [];

/** A supervised engine whose children can be counted and killed. */
function supervised() {
  const links: ChildLink[] = [];
  const exits: Promise<string>[] = [];
  const start = startNodeChild(entry);
  const engine = createSupervisedEngine(() => {
    const link = start();
    exits.push(new Promise((resolve) => link.onExit(resolve)));
    links.push(link);
    return link;
  });
  engines.push(engine);
  return { engine, links, exits };
}
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const shared = supervised();
beforeAll(async () => void (await shared.engine.load(load)));
afterAll(async () => void (await Promise.all(engines.map((engine) => engine.close()))));

test('a child process gives the same replies, piece by piece, as an engine in this process would', async () => {
  const { engine } = shared;
  expect(await engine.load(load)).toEqual({ contextTokens: 4096, trainContextTokens: 8192, gpu: 'off', gpuLayers: 0, threads: 1 });
  const pieces: Piece[] = [];
  const reply = await engine.generate(hello, (piece) => pieces.push(piece));
  expect(pieces.flatMap((piece) => (piece.type === 'text' ? [piece.delta] : [])).join('')).toBe(reply.text);
  expect(await engine.count(fixturePath(), ['Hello', ''])).toEqual([expect.any(Number), 0]);
});

test('a child killed while it loads ends the load, and loading can be tried again', async () => {
  const { engine, links } = supervised();
  const first = engine.load(load);
  links[0]?.kill();
  await expect(first).rejects.toMatchObject({ code: 'engine-died' });
  const progress: number[] = [];
  expect(await engine.load(load, (at) => progress.push(at))).toMatchObject({ contextTokens: 4096 });
  expect(progress.at(-1)).toBe(1);
});

test('a model that native code refuses ends in a load failure that says why, and the one before can be loaded again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-odd-'));
  const odd = join(folder, 'odd.gguf');
  const bytes = makeFixture();
  bytes.write('llamx', bytes.indexOf('llama', bytes.indexOf('general.architecture') + 20), 'latin1');
  bytes.write('llamx', bytes.indexOf('llama.context_length'), 'latin1');
  writeFileSync(odd, bytes);
  await expect(shared.engine.load({ ...load, file: odd })).rejects.toMatchObject({ code: 'load-failed', message: "unknown model architecture: 'llamx'" });
  expect(await shared.engine.load(load)).toMatchObject({ contextTokens: 4096 });
  rmSync(folder, { recursive: true });
});

test('an entry that can not start fails the request with what it said', async () => {
  const engine = createSupervisedEngine(startNodeChild(join(import.meta.dirname, 'nowhere.ts')));
  await expect(engine.load(load)).rejects.toMatchObject({ code: 'engine-died', message: expect.stringContaining('nowhere.ts') });
  await engine.close();
});

test('an abort is heard across processes, and the child goes on with the next request', async () => {
  const { engine, links } = shared;
  const controller = new AbortController();
  const pieces: Piece[] = [];
  const reply = engine.generate(
    long,
    (piece) => {
      pieces.push(piece);
      if (pieces.length === 3) controller.abort();
    },
    controller.signal,
  );
  await expect(reply).rejects.toMatchObject({ code: 'aborted' });
  expect(pieces).toHaveLength(3);
  await expect(engine.generate(hello, () => undefined, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  expect((await engine.generate(hello, () => undefined)).text).not.toBe('');
  expect(links).toHaveLength(1);
});

test('errors keep their code and their figures on the way', async () => {
  const { engine } = shared;
  await expect(engine.generate({ ...hello, file: '/other.gguf' }, () => undefined)).rejects.toMatchObject({ code: 'not-loaded' });
  const tooLong = engine.generate({ ...hello, messages: [{ role: 'user', text: 'word '.repeat(5000) }] }, () => undefined);
  await expect(tooLong).rejects.toMatchObject({ name: 'EngineError', code: 'context-full', values: { limit: 4096 } });
});

test('an engine that nobody closed neither keeps its process alive nor outlives it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-orphan-'));
  const [ended, marked] = [join(folder, 'ended'), join(folder, 'marked.mjs')];
  writeFileSync(
    marked,
    `import { writeFileSync } from 'node:fs';
    process.on('exit', () => writeFileSync(${JSON.stringify(ended)}, ''));
    await import(${JSON.stringify(entry)});`,
  );
  const script = `
    const { createSupervisedEngine } = await import(${JSON.stringify(join(import.meta.dirname, 'supervised.ts'))});
    const { startNodeChild } = await import(${JSON.stringify(join(import.meta.dirname, 'node-child.ts'))});
    const engine = createSupervisedEngine(startNodeChild(${JSON.stringify(marked)}));
    await engine.count('', ['x']).catch((error) => console.log(error.code));
    if (process.argv[1] === 'stay') setInterval(() => undefined, 1000);
  `;
  const run = (more: string[]) => spawn(process.execPath, ['--input-type=module', '--eval', script, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  expect((await once(run([]), 'exit'))[0]).toBe(0);
  await vi.waitFor(() => expect(existsSync(ended)).toBe(true), 30_000);
  rmSync(ended);
  const killed = run(['stay']);
  expect(String((await once(killed.stdout, 'data'))[0])).toBe('not-loaded\n');
  killed.kill('SIGKILL');
  await vi.waitFor(() => expect(existsSync(ended)).toBe(true), 30_000);
  rmSync(folder, { recursive: true });
});

test('when the child is killed in the middle of a reply, everything pending ends so, and the next request finds the model loaded again', async () => {
  const { engine, links } = shared;
  const lives = links.length;
  const before = await engine.generate(hello, () => undefined);
  const broken = engine.generate(long, (piece) => piece.type === 'text' && links.at(-1)?.kill());
  const waiting = engine.generate({ ...long, messages: [{ role: 'user', text: 'Me too' }] }, () => undefined);
  await expect(broken).rejects.toMatchObject({ code: 'engine-died', message: "The engine's process ended (SIGKILL)." });
  await expect(waiting).rejects.toMatchObject({ code: 'engine-died' });
  const after = await engine.generate(hello, () => undefined);
  expect([after.text, links.length]).toEqual([before.text, lives + 1]);
});

test('closing ends the process, and what still ran ends with it', async () => {
  const { engine, exits } = shared;
  const running = engine.generate(long, () => undefined);
  await Promise.all([expect(running).rejects.toMatchObject({ name: 'EngineError' }), engine.close()]);
  await exits.at(-1);
  await expect(engine.load(load)).rejects.toMatchObject({ code: 'closed' });
  await engine.close();
});

// Local models: how much of node-llama-cpp's own speed is left with our engine around it, and how little of a growing prompt is read again.
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { getLlama, LlamaChat, LlamaLogLevel } from 'node-llama-cpp';
import type { Engine, EngineMessage, EngineTool, LoadRequest } from '../../local-models/engine.ts';
import { startNodeChild } from '../../local-models/node-child.ts';
import { createSupervisedEngine } from '../../local-models/supervised.ts';
import { fixturePath } from '../fixture/make.ts';
import { type BenchOptions, type Figure, median, round } from './figure.ts';

const system = 'You are an assistant on this laptop. You have a few tools; use them when they help, and answer in plain words. '.repeat(12);
const question = 'Tell me at length about the files in this folder.';
const tokens = 400;
const rounds = 9;
const steps = 12;

/** Tokens per second of a reply, streamed from the child, beside the same library driven directly in this process; rounds take turns. */
export async function localTokensPerSecond({ model }: BenchOptions): Promise<readonly Figure[]> {
  const file = model ?? fixturePath();
  const engine = await startEngine(file);
  const direct = await startDirect(file);
  const speeds: { ours: number; direct: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const speed = { ours: await engineSpeed(engine, file), direct: await direct.speed() };
    // The first round warms both up.
    if (round > 0) speeds.push(speed);
  }
  await Promise.all([engine.close(), direct.close()]);
  const ours = median(speeds.map((speed) => speed.ours));
  const beside = median(speeds.map((speed) => speed.direct));
  const share = round(median(speeds.map((speed) => speed.ours / speed.direct)), 3);
  return [{ name: 'local-tokens-per-second', value: round(ours, 1), unit: 'tokens/s', direct: round(beside, 1), share, goal: 0.95, model: basename(file) }];
}

/** Share of prompt tokens on step n > 1 that had not been in the cache or written by the model before and yet were read: 1 is perfect. */
export async function localPrefillReuse({ model }: BenchOptions): Promise<readonly Figure[]> {
  const file = model ?? fixturePath();
  const engine = await startEngine(file);
  const messages: EngineMessage[] = [{ role: 'user', text: question }];
  let [prompt, reread, reused, held] = [0, 0, 0, 0];
  for (let step = 0; step < steps; step++) {
    const calls = step % 4 === 3 ? 'auto' : 'required';
    const reply = await engine.generate({ file, lane: 'chat', system, tools, messages, calls, seed: step, maxTokens: 100 }, () => undefined);
    const asked = reply.usage.read + reply.usage.reused;
    if (step > 0) {
      prompt += asked;
      reused += reply.usage.reused;
      reread += Math.max(0, Math.min(held, asked) - reply.usage.reused);
    }
    held = asked + reply.usage.written;
    messages.push({ role: 'assistant', text: reply.text, calls: reply.calls });
    for (const call of reply.calls) messages.push({ role: 'tool', call: call.id, text: `The file holds ${step} lines. 文件有${step}行。` });
    if (reply.calls.length === 0) messages.push({ role: 'user', text: 'And then?' });
  }
  await engine.close();
  const found = round(reused / prompt, 4);
  return [
    { name: 'local-prefill-reuse', value: round(1 - reread / prompt, 4), unit: 'share', found, reread, prompt, steps, goal: 0.98, model: basename(file) },
  ];
}

const tools: readonly EngineTool[] = [
  {
    name: 'read_file',
    description: 'Reads a file.',
    parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'], additionalProperties: false },
  },
  {
    name: 'list_files',
    description: 'Lists a folder.',
    parameters: {
      type: 'object',
      properties: { path: { type: 'string' }, depth: { type: 'integer', maximum: 3 } },
      required: ['path'],
      additionalProperties: false,
    },
  },
];

export async function startEngine(file: string, contextTokens = 8192): Promise<Engine> {
  const engine = createSupervisedEngine(startNodeChild(join(import.meta.dirname, '..', '..', 'local-models', 'child.ts')));
  const request: LoadRequest = { file, gpu: 'auto', contextTokens, threads: 0 };
  await engine.load(request);
  return engine;
}

/** From the first piece of text to the last, as the parent of the child sees it. */
async function engineSpeed(engine: Engine, file: string): Promise<number> {
  const clock = createClock();
  const request = { file, lane: 'chat', system, tools: [], messages: [{ role: 'user', text: question }], temperature: 0, maxTokens: tokens } as const;
  const reply = await engine.generate(request, (piece) => piece.type === 'text' && clock.tick());
  return clock.speed(reply.usage.written);
}

async function startDirect(file: string): Promise<{ speed(): Promise<number>; close(): Promise<void> }> {
  const llama = await getLlama({ build: 'never', skipDownload: true, logLevel: LlamaLogLevel.error, logger: () => undefined });
  const model = await llama.loadModel({ modelPath: file });
  const tiny = model.size < 100e6;
  const context = await model.createContext({ contextSize: Math.min(8192, model.trainContextSize), sequences: 2, ...(tiny ? { threads: 1 } : {}) });
  const chat = new LlamaChat({ contextSequence: context.getSequence() });
  return {
    async speed() {
      const clock = createClock();
      const before = chat.sequence.tokenMeter.usedOutputTokens;
      const history = [
        { type: 'system' as const, text: system },
        { type: 'user' as const, text: question },
      ];
      await chat.generateResponse(history, {
        temperature: 0,
        maxTokens: tokens,
        repeatPenalty: false,
        onResponseChunk: (chunk) => chunk.text !== '' && clock.tick(),
      });
      return clock.speed(chat.sequence.tokenMeter.usedOutputTokens - before);
    },
    close: () => llama.dispose(),
  };
}

function createClock() {
  let [first, last] = [0, 0];
  return {
    tick() {
      last = performance.now();
      if (first === 0) first = last;
    },
    speed: (written: number) => ((written - 1) * 1000) / Math.max(last - first, 1e-6),
  };
}

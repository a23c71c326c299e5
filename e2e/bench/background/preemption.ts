// chat-preemption: how much later a chat message's first token comes while a background run has the one local model.
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, GenerateRequest, Piece } from '../../../local-models/engine.ts';
import { startNodeChild } from '../../../local-models/node-child.ts';
import { createSupervisedEngine } from '../../../local-models/supervised.ts';
import { fixturePath } from '../../fixture/make.ts';
import { type Bench, median, percentile, round } from '../figure.ts';

const system = 'You are an assistant on this laptop. You have a few tools; use them when they help, and answer in plain words. '.repeat(12);
const work = 'Read these notes and write down what follows from each of them, one after the other, at length. '.repeat(6);
const mostRounds = 25;
/** Large models on a slow processor get fewer rounds. Milliseconds. */
const mostTime = 40_000;
/** What was given up may still be in its last batch. Milliseconds. */
const settled = 300;
/** Longer than a chat reply takes, so that every question meets the work somewhere else in its step. Milliseconds. */
const mostApart = 150;

/**
 * The figure: first-token time while the background writes ÷ the same on an idle machine, medians of questions that take turns. Beside it: the same
 * while the background reads a prompt, how long one token of the background takes, and how much of its own context it read again afterwards.
 */
export const chatPreemption: Bench = async ({ model }) => {
  const file = model ?? fixturePath();
  const engine = createSupervisedEngine(startNodeChild(join(import.meta.dirname, '..', '..', '..', 'local-models', 'child.ts')));
  try {
    await engine.load({ file, gpu: 'auto', contextTokens: 8192, threads: 0 });
    await engine.prefill({ file, lane: 'chat', system, tools: [] });
    const times = { idle: [] as number[], writing: [] as number[], reading: [] as number[] };
    const begun = performance.now();
    for (let turn = 0; turn <= mostRounds && (turn < 4 || performance.now() - begun < mostTime); turn++) {
      await sleep(settled);
      const idle = await firstToken(engine, file, 3 * turn);
      const writing = await besides(engine, file, 3 * turn + 1, 'text');
      const reading = await besides(engine, file, 3 * turn + 2, 'reading');
      // The first round warms everything up.
      if (turn > 0) Object.entries({ idle, writing, reading }).map(([when, ms]) => times[when as keyof typeof times].push(ms));
    }
    const idleMs = median(times.idle);
    const { tokenMs, reread } = await pausedReply(engine, file);
    return [
      {
        name: 'chat-preemption',
        value: round(median(times.writing) / idleMs),
        unit: 'busy ÷ idle',
        goal: 1.3,
        whileReading: round(median(times.reading) / idleMs),
        idleMs: round(idleMs, 1),
        writingMs: round(median(times.writing), 1),
        readingMs: round(median(times.reading), 1),
        p95: [times.idle, times.writing, times.reading].map((each) => round(percentile(each, 0.95), 1)),
        tokenMs: round(tokenMs, 1),
        reread,
        rounds: times.idle.length,
        model: basename(file),
      },
    ];
  } finally {
    await engine.close();
  }
};

/** Milliseconds from a chat question to the first piece of its answer. */
async function firstToken(engine: Engine, file: string, turn: number): Promise<number> {
  const begun = performance.now();
  let first = 0;
  // Each begins with another letter than the one before, so that all of them read the same number of tokens.
  const text = `${String.fromCharCode(97 + (turn % 26))}: what is in this folder?`;
  const onPiece = (piece: Piece): void => {
    if (piece.type !== 'reading') first ||= performance.now();
  };
  await engine.generate({ file, lane: 'chat', system, tools: [], messages: [{ role: 'user', text }], temperature: 0, maxTokens: 4 }, onPiece);
  return (first || performance.now()) - begun;
}

/** The same while a background reply has come as far as `until`; that reply is given up afterwards. */
async function besides(engine: Engine, file: string, turn: number, until: Piece['type']): Promise<number> {
  const stop = new AbortController();
  const reached = Promise.withResolvers<void>();
  const request = task(file, until === 'reading' ? `${turn} ${work.repeat(2)}` : work, 4000);
  const background = engine.generate(request, (piece) => piece.type === until && reached.resolve(), stop.signal).catch(() => undefined);
  await Promise.race([reached.promise, background]);
  await sleep((turn * 37) % mostApart);
  const ms = await firstToken(engine, file, turn);
  stop.abort();
  await background;
  return ms;
}

/** A background reply that chat interrupts five times: what one of its tokens takes alone, and what of its prompt its next step has to read again. */
async function pausedReply(engine: Engine, file: string): Promise<{ tokenMs: number; reread: number }> {
  const gaps: number[] = [];
  let last = 0;
  let chats = 0;
  let chat: Promise<unknown> = Promise.resolve();
  const reply = await engine.generate(task(file, work, 60), (piece) => {
    if (piece.type === 'reading') return;
    const now = performance.now();
    if (last > 0) gaps.push(now - last);
    last = now;
    if (gaps.length % 10 === 9 && chats++ < 5) chat = chat.then(() => firstToken(engine, file, chats));
  });
  await chat;
  const { messages } = task(file, work, 1);
  const held = reply.usage.read + reply.usage.reused + reply.usage.written;
  const next = await engine.generate(
    { ...task(file, work, 1), messages: [...messages, { role: 'assistant', text: reply.text, calls: [] }, { role: 'user', text: 'And then?' }] },
    () => undefined,
  );
  return { tokenMs: median(gaps), reread: Math.max(0, held - 8 - next.usage.reused) };
}

function task(file: string, text: string, maxTokens: number): GenerateRequest {
  return { file, lane: 'background', system: 'Work alone.', tools: [], messages: [{ role: 'user', text }], temperature: 0, maxTokens };
}

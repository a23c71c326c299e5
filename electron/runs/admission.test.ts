import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { fixturePath } from '../../e2e/fixture/make.ts';
import { ask, clearHouses, type House, house, story } from '../../e2e/scaffold/house.ts';
import { createEngine } from '../../local-models/llama.ts';
import type { Rest } from '../contract/run.ts';
import { createLocalModel, localProfile } from '../models/local.ts';
import type { Model } from '../models/model.ts';
import { createScriptedModel, type ScriptedModel } from '../models/scripted.ts';

afterEach(clearHouses);

const minute = 60_000;
const look = { calls: [{ tool: 'list_files', arguments: { path: '.' } }] };
const done = { text: 'Done.' };

/** A house whose one model holds `runs` beside chat, with rest as the test says. */
function one(model: Model, runs: number, rest: { now: Rest | null } = { now: null }): House {
  return house(model, undefined, { roomFor: () => ({ model: 'local', runs }), resting: () => rest.now });
}

/** Runs `work` at the n-th request whose goal is named. */
function at(model: ScriptedModel, goal: string, n: number, work: () => void): Model {
  let seen = 0;
  return Object.create(model, {
    generate: {
      value: (...args: Parameters<Model['generate']>) => {
        if (args[0].messages.some(({ text }) => text.includes(goal)) && ++seen === n) work();
        return model.generate(...args);
      },
    },
  });
}

const add = (work: House, goal: string) => work.inbox.addTask({ goal, folder: work.folder });
const named = (...goals: string[]): ScriptedModel => createScriptedModel({ groups: goals.map((goal) => ({ when: goal, lines: [look, look, look, done] })) });
const states = (work: House): string[] => work.tasks.list().map(({ goal, state }) => `${goal} ${state}`);
const order = (work: House): string[] =>
  work.events.flatMap((event) =>
    event.type === 'run.started' || event.type === 'run.ended' ? [`${work.runs.entries.of(event.run)[0]?.id}:${event.type.slice(4)}`] : [],
  );

describe('what a model can hold', () => {
  test('is how many tasks work on it at once; the others wait for their turn', async () => {
    const work = one(named('first', 'second'), 1);
    add(work, 'first');
    add(work, 'second');
    await work.worker.untilIdle();
    const events = order(work).map((each) => each.split(':')[1]);
    expect([states(work), events]).toEqual([
      ['second done', 'first done'],
      ['started', 'ended', 'started', 'ended'],
    ]);
  });

  test('does not keep a task on another model waiting', async () => {
    const work = house(named('first', 'second'), undefined, { roomFor: ({ id }) => ({ model: `m${id}`, runs: 1 }) });
    add(work, 'first');
    add(work, 'second');
    await work.worker.untilIdle();
    expect(order(work).map((each) => each.split(':')[1])).toEqual(['started', 'started', 'ended', 'ended']);
  });

  test('is no limit for chat', async () => {
    let chat: Promise<number> = Promise.resolve(0);
    const script = createScriptedModel({
      groups: [
        { when: 'Goal: long', lines: [look, { text: 'word '.repeat(100), delayMs: 5 }] },
        { when: 'hello', lines: [{ text: 'Here.' }] },
      ],
    });
    const work: House = one(
      at(script, 'Goal: long', 2, () => {
        chat = ask(work, 'hello');
      }),
      1,
    );
    add(work, 'long');
    await work.worker.untilIdle();
    await chat;
    expect(work.events.flatMap((event) => (event.type === 'run.ended' ? [event.text.trim().slice(0, 5)] : []))).toEqual(['Here.', 'word ']);
  });
});

describe('making room', () => {
  test('a task that has worked for ten minutes lets the next one have the model, and goes on after it, with nothing done twice', async () => {
    const model = named('long', 'short');
    const work: House = one(
      at(model, 'Goal: long', 2, () => work.pass(11 * minute)),
      1,
    );
    const long = add(work, 'long');
    add(work, 'short');
    await work.worker.untilIdle();
    const ended = work.events.flatMap((event) => (event.type === 'run.ended' ? [event.task] : []));
    expect(ended).toEqual([long.id + 1, long.id]);
    // Eleven minutes with the same look: it is told once that this leads nowhere.
    expect(story(work, long.run ?? 0)).toEqual(['message', ...Array(3).fill(['reply', 'outcome done']).flat(), 'told', 'reply', 'checked', 'ended done']);
    expect(work.runs.get(long.run ?? 0)).toMatchObject({ crashes: 0, steps: 4 });
    model.assertSpent();
  });

  test('one that the person has just answered goes before the others, and those step aside for it', async () => {
    const write = { calls: [{ tool: 'write_file', arguments: { path: 'a', content: 'x' } }] };
    const script = createScriptedModel({
      groups: [
        { when: 'Goal: asks', lines: [write, done] },
        { when: 'Goal: other', lines: [look, look, look, done] },
      ],
    });
    const answer = (): void => {
      work.approvals.answer(work.approvals.open()[0]?.id ?? 0, 'once');
      work.worker.wake();
    };
    const work: House = one(at(script, 'Goal: other', 2, answer), 1);
    const asks = add(work, 'asks');
    await work.worker.untilIdle();
    add(work, 'other');
    await work.worker.untilIdle();
    const ended = work.events.flatMap((event) => (event.type === 'run.ended' ? [event.task] : []));
    expect([ended, work.runs.get(asks.run ?? 0).lane]).toEqual([[asks.id, asks.id + 1], 'waiting']);
  });
});

describe('one real local model', () => {
  const engine = createEngine();
  afterAll(() => engine.close());

  test('answers chat in the middle of a background reply, which then goes on: no failure, nothing withdrawn, one reply', { timeout: 180_000 }, async () => {
    const facts = { ok: true, name: 'x', architecture: 'llama', contextTokens: 8192, parameters: 1e6, bytes: 1, hasTemplate: true } as const;
    const file = fixturePath();
    const model = createLocalModel({ profile: localProfile('m', 'Fixture', facts, 8192), file, engine, gpu: 'off', contextTokens: 8192 });
    const paced: Model = Object.assign(Object.create(model), {
      // The fixture ends its replies soon; the background one must be long enough to be interrupted.
      generate: (request: Parameters<Model['generate']>[0], signal: AbortSignal) => model.generate({ ...request, tools: [], maxTokens: 150 }, signal),
    });
    const work = one(paced, 1);
    const task = add(work, 'write at length about everything in this folder');
    const speaks = (run: number | null) => work.events.some((event) => event.type === 'text.added' && event.run === run);
    while (!speaks(task.run)) await new Promise((resolve) => setTimeout(resolve, 2));
    const chat = await work.inbox.post({ conversation: task.conversation, text: 'hello' });
    await work.worker.untilIdle();
    const ended = work.events.flatMap((event) => (event.type === 'run.ended' ? [event.run] : []));
    expect(ended).toContain(chat.run);
    // What such a tiny model writes is no judgement of its work.
    expect(story(work, task.run ?? 0)).toEqual(['message', 'reply', 'ended unknown']);
    expect([work.runs.get(task.run ?? 0), work.events.filter(({ type }) => type === 'text.withdrawn')]).toMatchObject([
      { crashes: 0, fault: { code: 'task.not-judged' } },
      [],
    ]);
  });
});

describe('rest', () => {
  test('what is queued stays queued, chat is answered, and it goes on afterwards', async () => {
    const rest: { now: Rest | null } = { now: 'battery' };
    const script = createScriptedModel({
      groups: [
        { when: 'Goal: tidy', lines: [done] },
        { when: 'hello', lines: [{ text: 'Here.' }] },
      ],
    });
    const work = one(script, 1, rest);
    const task = add(work, 'tidy');
    const chat = await ask(work, 'hello');
    expect([work.runs.get(task.run ?? 0).state, work.runs.get(chat).state]).toEqual(['queued', 'done']);
    rest.now = null;
    work.worker.wake();
    await work.worker.untilIdle();
    expect(work.runs.get(task.run ?? 0).state).toBe('done');
  });

  test('what is at work goes back to the queue between two steps, survives a restart there, and repeats nothing', async () => {
    const rest: { now: Rest | null } = { now: null };
    const script = named('tidy');
    const work = one(
      at(script, 'Goal: tidy', 2, () => (rest.now = 'heat')),
      1,
      rest,
    );
    const { run } = add(work, 'tidy');
    await work.worker.untilIdle();
    expect([work.runs.get(run ?? 0), story(work, run ?? 0)]).toMatchObject([
      { state: 'queued', crashes: 0, steps: 2 },
      ['message', 'reply', 'outcome done', 'reply', 'outcome done'],
    ]);
    await work.close();
    const again = house(script, work.data, { resting: () => null });
    await again.worker.untilIdle();
    script.assertSpent();
    expect(again.runs.get(run ?? 0)).toMatchObject({ state: 'done', steps: 4 });
  });

  test('a stop ends what rests', async () => {
    const work = one(named('tidy'), 1, { now: 'quiet' });
    const { run } = add(work, 'tidy');
    expect((await work.worker.stop(run ?? 0)).state).toBe('stopped');
  });
});

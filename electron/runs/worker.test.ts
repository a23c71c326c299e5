import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, clearHouses, type House, house, story } from '../../e2e/scaffold/house.ts';
import { FaultError, fault } from '../contract/fault.ts';
import type { Model } from '../models/model.ts';
import { createScriptedModel } from '../models/scripted.ts';
import { Fenced } from './bounds/account.ts';
import type { Run } from './store.ts';
import { requireTransition } from './transitions.ts';

afterEach(clearHouses);

const says = (...texts: string[]): Model => createScriptedModel({ lines: texts.map((text) => ({ text })) });
const unreachable = async (): Promise<Model> => {
  throw new FaultError(fault('model.unreachable', { host: 'x', reason: 'refused' }, { retry: true }));
};

const usage = { model: 'm', where: 'scripted', read: 1, reused: 0, written: 1, prefillMs: 0, decodeMs: 0 } as const;

function newRun(work: House): Run {
  const conversation = work.threads.create('', null).id;
  const more = { folder: null, model: null, approve: 'ask', replaces: null, key: null } as const;
  return work.db.commit('test', () => work.runs.create({ conversation, kind: 'turn', task: null, lane: 'chat', text: 'hi', ...more })).run;
}

/** A run that looks as if the process had died while it was running. */
async function interrupted(work: House, crashes = 0): Promise<number> {
  await work.worker.close();
  const run = newRun(work);
  work.runs.claim(run.id, 'm');
  work.db.prepare('UPDATE run SET crashes = ? WHERE id = ?').run(crashes, run.id);
  work.db.close();
  return run.id;
}

describe('the state machine', () => {
  test.each([
    ['done', 'running'],
    ['stopped', 'queued'],
    ['queued', 'done'],
    ['waiting', 'running'],
    ['waiting', 'done'],
  ] as const)('has no way from %s to %s', (from, to) => {
    expect(() => requireTransition(from, to)).toThrow(`from ${from} to ${to}`);
  });

  test('a claim fences off all earlier ones: what they still write is refused', async () => {
    const work = house(says());
    await work.worker.close();
    const run = newRun(work);
    const first = work.runs.claim(run.id, 'm');
    work.runs.requeue(run.id);
    const second = work.runs.claim(run.id, 'm');
    const said = { type: 'outcome', call: 'c', status: 'done', output: '' } as const;
    expect(() => work.runs.append(first, [said])).toThrow(Fenced);
    expect(work.runs.append(second, [said])).toHaveLength(1);
  });
});

test('a run that a crash cut off goes on at the next start', async () => {
  const first = house(says());
  const run = await interrupted(first);
  const second = house(says('Back again.'), first.data);
  await second.worker.untilIdle();
  expect([second.runs.get(run).state, story(second, run)]).toEqual(['done', ['message', 'reply', 'ended done']]);
});

test('a run that crashed its process three times stands still with a diagnosis, and goes on when the person says so', async () => {
  const first = house(says());
  const run = await interrupted(first, 2);
  const second = house(says('Once more.'), first.data);
  await second.worker.untilIdle();
  const fault = { code: 'run.crashed-model', values: { times: 3, step: 1, model: 'm' } };
  expect(second.runs.get(run)).toMatchObject({ state: 'waiting', waitingFor: 'answer', fault });
  second.approvals.answer(second.approvals.open()[0]?.id ?? 0, 'once');
  second.worker.wake();
  await second.worker.untilIdle();
  expect(second.runs.get(run)).toMatchObject({ state: 'done', crashes: 0, fault: null });
});

test('a crash that comes again and again in one call is named; a no ends the run with that', async () => {
  const first = house(says());
  await first.worker.close();
  const run = newRun(first);
  const claimed = first.runs.claim(run.id, 'm');
  const calls = [{ id: 'c1_1', tool: 'run_command', arguments: '{"command":"true"}' }];
  first.runs.append(claimed, [
    { type: 'reply', seen: run.openedBy, text: '', calls, usage },
    { type: 'intent', call: 'c1_1', effect: 'once' },
  ]);
  first.db.prepare('UPDATE run SET crashes = 2 WHERE id = ?').run(run.id);
  first.db.close();
  const second = house(says(), first.data);
  await second.worker.untilIdle();
  expect(second.runs.get(run.id)).toMatchObject({ state: 'waiting', fault: { code: 'run.crashed-call', values: { times: 3, step: 1, tool: 'run_command' } } });
  second.approvals.answer(second.approvals.open()[0]?.id ?? 0, 'deny');
  second.worker.wake();
  await second.worker.untilIdle();
  expect(second.runs.get(run.id)).toMatchObject({ state: 'failed', fault: { code: 'run.crashed-call' }, unknownCalls: 1 });
});

test.each([
  { before: ['unknown', 'unknown'], state: 'waiting' },
  { before: ['unknown', 'done', 'unknown'], state: 'done' },
  { before: ['unknown'], state: 'done' },
] as const)('a crash in a new call after calls that were $before: the run is then $state', async ({ before, state }) => {
  const first = house(says());
  await first.worker.close();
  const run = newRun(first);
  const claimed = first.runs.claim(run.id, 'm');
  for (const [at, status] of [...before, null].entries()) {
    const call = `c${at}_1`;
    const calls = [{ id: call, tool: 'run_command', arguments: '{"command":"true"}' }];
    first.runs.append(claimed, [{ type: 'reply', seen: run.openedBy, text: '', calls, usage }]);
    first.runs.append(claimed, [{ type: 'intent', call, effect: 'once' }]);
    if (status !== null) first.runs.append(claimed, [{ type: 'outcome', call, status, output: '' }]);
  }
  first.db.close();
  const second = house(says(...Array.from({ length: 6 }, () => 'On.')), first.data);
  await second.worker.untilIdle();
  expect(second.runs.get(run.id)).toMatchObject({ state, fault: state === 'done' ? null : { code: 'run.crashed-call', values: { times: 3, step: 3 } } });
  if (state === 'done') return;
  second.approvals.answer(second.approvals.open()[0]?.id ?? 0, 'once');
  second.worker.wake();
  await second.worker.untilIdle();
  expect(second.runs.get(run.id)).toMatchObject({ state: 'done', unknownCalls: 3 });
});

test('a message lets a turn go on that stood still after crashes', async () => {
  const first = house(says());
  const run = await interrupted(first, 2);
  const second = house(says('Here I am.'), first.data);
  await second.worker.untilIdle();
  expect(await ask(second, 'and now?')).toBe(run);
  expect([second.runs.get(run), second.approvals.open()]).toMatchObject([{ state: 'done' }, []]);
});

test('closing puts a running run back in the queue, without counting a crash', async () => {
  const slow = createScriptedModel({ lines: [{ text: 'word '.repeat(200), delayMs: 20 }] });
  const first = house(slow);
  const conversation = first.threads.create('', null).id;
  const { run } = await first.inbox.post({ conversation, text: 'go' });
  while (!first.events.some(({ type }) => type === 'text.added')) await new Promise((resolve) => setTimeout(resolve, 5));
  await first.close();
  const second = house(says('Now.'), first.data);
  await second.worker.untilIdle();
  expect(second.runs.get(run)).toMatchObject({ state: 'done', crashes: 0 });
});

test('a turn whose model is missing fails in words; it can be tried again', async () => {
  const work = house(async () => {
    throw new FaultError(fault('model.none'));
  });
  const run = await ask(work, 'hi');
  expect(work.runs.get(run)).toMatchObject({ state: 'failed', fault: { code: 'model.none' } });
});

test('a task whose model can not be reached waits and tries again by itself, a turn does not', async () => {
  const work = house(unreachable);
  const turn = await ask(work, 'hi');
  const task = await ask(work, 'later', { background: true });
  expect([work.runs.get(turn).state, work.runs.get(task).state, work.runs.get(task).waitingFor]).toEqual(['failed', 'waiting', 'network']);
  work.pass(31_000);
  work.worker.wake();
  await work.worker.untilIdle();
  expect(story(work, task)).toEqual(['message', 'waiting', 'waiting']);
});

test('a task gives up after a day of trying, with the reason', async () => {
  const work = house(unreachable);
  const task = await ask(work, 'later', { background: true });
  for (let tries = 0; tries < 10 && work.runs.get(task).endedAt === null; tries++) {
    work.pass(4_000_000);
    work.worker.wake();
    await work.worker.untilIdle();
  }
  expect(work.runs.get(task)).toMatchObject({ state: 'failed', fault: { code: 'model.unreachable' } });
});

test('when the engine dies the step is tried once more and the person is told', async () => {
  const died = fault('model.engine-died', {}, { retry: true });
  let asked = 0;
  const model: Model = {
    ...says(),
    async *generate() {
      asked += 1;
      yield { type: 'text', delta: 'half' };
      if (asked === 1) yield { type: 'fault', fault: died };
      else
        yield {
          type: 'end',
          text: 'Whole.',
          thought: '',
          calls: [],
          stop: 'end',
          usage: { model: 'm', where: 'local', read: 1, reused: 0, written: 1, prefillMs: 0, decodeMs: 0 },
        };
    },
  };
  const work = house(model);
  const run = await ask(work, 'hi');
  expect([story(work, run), work.events.some(({ type }) => type === 'text.withdrawn')]).toEqual([['message', 'notice', 'reply', 'ended done'], true]);
});

test('an engine that dies again ends the run with the reason', async () => {
  const model: Model = {
    ...says(),
    async *generate() {
      yield { type: 'fault', fault: fault('model.engine-died', {}, { retry: true }) };
    },
  };
  const run = house(model);
  expect(run.runs.get(await ask(run, 'hi'))).toMatchObject({ state: 'failed', fault: { code: 'model.engine-died' } });
});

test('stop freezes a run that waits, and one that is queued, with one recorded outcome', async () => {
  const work = house(createScriptedModel({ lines: [{ calls: [{ tool: 'write_file', arguments: { path: 'a', content: 'x' } }] }] }));
  const run = await ask(work, 'write');
  await work.worker.stop(run);
  await work.worker.stop(run);
  expect([work.runs.get(run).state, work.approvals.open(), story(work, run).filter((type) => type.startsWith('ended'))]).toEqual([
    'stopped',
    [],
    ['ended stopped'],
  ]);
});

test('two conversations are answered at the same time', async () => {
  const work = house(
    createScriptedModel({
      groups: [
        { when: 'slow', lines: [{ text: 'word '.repeat(100), delayMs: 5 }] },
        { when: 'quick', lines: [{ text: 'Quick.' }] },
      ],
    }),
  );
  const [a, b] = [work.threads.create('a', null).id, work.threads.create('b', null).id];
  await work.inbox.post({ conversation: a, text: 'slow' });
  await work.inbox.post({ conversation: b, text: 'quick' });
  await work.worker.untilIdle();
  const ended = work.events.flatMap((event) => (event.type === 'run.ended' ? [event.conversation] : []));
  expect(ended).toEqual([b, a]);
});

test.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'when the disk fills in the middle, nothing spins; with room again the run goes on',
  { timeout: 60_000 },
  async ({ skip }) => {
    const disk = mkdtempSync(join(tmpdir(), 'nacre-full-'));
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status !== 0) skip('no small disk can be mounted here');
    try {
      const lines = [{ calls: [{ tool: 'list_files', arguments: { path: '.' } }], text: 'x'.repeat(60_000), repeat: 20 }, { text: 'All twenty.' }];
      const work = house(createScriptedModel({ lines, keepAsked: false }), join(disk, 'data'));
      const ballast = join(disk, 'ballast');
      writeFileSync(ballast, Buffer.alloc(1_000_000));
      const conversation = work.threads.create('', work.folder).id;
      const { run } = await work.inbox.post({ conversation, text: 'go' });
      while (!work.events.some(({ type }) => type === 'app.noticed')) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(work.events.find(({ type }) => type === 'app.noticed')).toMatchObject({ fault: { code: 'app.disk-full' } });
      rmSync(ballast);
      execFileSync('mount', ['-o', 'remount,size=64m', disk]);
      while (work.runs.get(run).endedAt === null) await new Promise((resolve) => setTimeout(resolve, 100));
      expect(work.runs.get(run)).toMatchObject({ state: 'done', crashes: 0 });
      await work.close();
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  },
);

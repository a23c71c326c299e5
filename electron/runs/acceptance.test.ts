// A task is done only with evidence: by checks that code runs, or by a judgement where there are none.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { clearHouses, type House, house, story } from '../../e2e/scaffold/house.ts';
import type { RequestPayload } from '../contract/request.ts';
import { createScriptedModel, type Script } from '../models/scripted.ts';

afterEach(clearHouses);

async function run(script: Script, more: Partial<RequestPayload<'task.add'>> = {}, prepare: (work: House) => void = () => undefined) {
  const work = house(createScriptedModel(script));
  prepare(work);
  const task = work.inbox.addTask({ goal: 'write it', folder: work.folder, approve: 'folder', ...more });
  await work.worker.untilIdle();
  return { work, task: work.tasks.get(task.id), told: story(work, task.run ?? 0) };
}

const write = (content: string) => ({ calls: [{ tool: 'write_file', arguments: { path: 'out.txt', content } }] });
const check = { type: 'file' as const, path: 'out.txt', matches: '^right$' };

test('a check that passes ends the task as done, with its evidence', async () => {
  const { task, told } = await run({ lines: [write('right'), { text: 'Written.' }] }, { checks: [check] });
  expect(told).toEqual(['message', 'reply', 'intent', 'outcome done', 'reply', 'checked', 'ended done']);
  expect(task).toMatchObject({ state: 'done', evidence: [{ check, ok: true, detail: 'out.txt matches /^right$/.' }] });
});

test('a check that fails sends the run back to work with the failure before its eyes', async () => {
  const script = {
    lines: [write('wrong'), { text: 'Written.' }, { ...write('right'), expect: { last: 'out.txt does not match /^right$/.' } }, { text: 'Now it is.' }],
  };
  const { task, told } = await run(script, { checks: [check] });
  expect(told.filter((one) => one === 'checked' || one === 'told' || one.startsWith('ended'))).toEqual(['checked', 'told', 'checked', 'ended done']);
  expect(task.result).toBe('Now it is.');
});

test('after three failed rounds it has failed, whatever the model says, and the evidence stays', async () => {
  const { task } = await run({ lines: [{ text: 'Done!' }, { text: 'Really done!' }, { text: 'Trust me.' }] }, { checks: [check] });
  expect(task).toMatchObject({
    state: 'failed',
    fault: { code: 'task.not-accepted' },
    evidence: [{ ok: false, detail: 'There is no file out.txt.' }],
  });
});

test('without a check the work is judged in a fresh context, and says so', async () => {
  const judged = { when: 'Was the goal reached?', lines: [{ text: 'NOT DONE. Nothing was written.' }] };
  const { task } = await run({ groups: [judged, { when: 'write it', lines: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] }] });
  expect(task).toMatchObject({ state: 'failed', evidence: [{ check: { type: 'judgement' }, ok: false, detail: 'Nothing was written.' }] });
});

test('a judgement that can not be read leaves the outcome unknown', async () => {
  const judged = { when: 'Was the goal reached?', lines: [{ text: 'Hm.' }] };
  const { task } = await run({ groups: [judged, { when: 'write it', lines: [{ text: 'a' }] }] });
  expect(task).toMatchObject({ state: 'unknown', fault: { code: 'task.not-judged' } });
});

test('the file itself refuses a task that is done without evidence', async () => {
  const { work } = await run({ lines: [] });
  const { id } = work.runs.create({
    conversation: work.threads.list()[0]?.id ?? 0,
    kind: 'task',
    task: 1,
    lane: 'background',
    text: 'x',
    folder: null,
    model: null,
    approve: 'ask',
    replaces: null,
    key: null,
  }).run;
  const claimed = work.runs.claim(id, 'm');
  expect(() => work.runs.change(claimed.id, 'running', { to: 'done' }, { type: 'ended', outcome: 'done', fault: null })).toThrow('only with evidence');
});

test('a task that goes on until it is done rests between its rounds and uses what appeared meanwhile', async () => {
  const schedule = { type: 'until-done' as const, pauseMs: 60_000 };
  const { work, task } = await run({ lines: [{ text: 'Not there yet.' }, { text: 'There now.' }] }, { checks: [check], schedule });
  expect(task).toMatchObject({ state: 'waiting', waitingFor: 'time' });
  writeFileSync(join(work.folder, 'out.txt'), 'right');
  work.pass(61_000);
  work.worker.wake();
  await work.worker.untilIdle();
  expect(work.tasks.get(task.id)).toMatchObject({ state: 'done', result: 'There now.' });
});

// What befalls a run from outside: commands that hang or flood, folders that vanish, clocks that are wrong, and more work than anybody expected.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ask, clearHouses, type House, house, openGround, story } from '../../e2e/scaffold/house.ts';
import { createScriptedModel, type Script } from '../models/scripted.ts';
import { writeFile } from '../tools/files/write.ts';
import { createRunCommand } from '../tools/shell/command.ts';
import { usualLimits } from '../tools/shell/run.ts';
import type { Tool } from '../tools/tool.ts';

afterEach(clearHouses);

const write = (content: string) => ({ calls: [{ tool: 'write_file', arguments: { path: 'out.txt', content } }] });
const claims = { text: 'Done.', repeat: 5 };
const limitedTo = (timeoutMs: number) => ({
  tools: [writeFile, createRunCommand(openGround, { ...usualLimits, timeoutMs, drainMs: 100, capBytes: 2_000_000 })] as unknown as readonly Tool[],
});

function scripted(script: Script, more: Parameters<typeof house>[2] = {}): House {
  return house(createScriptedModel({ keepAsked: false, ...script }), undefined, more);
}

async function checkedBy(work: House, command: string) {
  const { id } = work.inbox.addTask({ goal: 'do it', folder: work.folder, approve: 'folder', checks: [{ type: 'command', command }] });
  await work.worker.untilIdle();
  return work.tasks.get(id);
}

const outputs = (work: House, run: number): string[] =>
  work.runs.entries.of(run).flatMap(({ body }) => (body.type === 'outcome' ? [`${body.status}: ${body.output}`] : []));

test('a check whose command hangs is ended at its limit; the task fails, and the evidence says so', { timeout: 60_000 }, async () => {
  const task = await checkedBy(scripted({ lines: [claims] }, limitedTo(300)), 'sleep 1000');
  expect(task).toMatchObject({ state: 'failed', fault: { code: 'task.not-accepted' }, evidence: [{ ok: false }] });
  expect(task.evidence[0]?.detail).toContain('ended after 0.3 s, which is the limit');
});

test('a check that prints 100 MB is ended; its evidence is short and the journal stays small', { timeout: 60_000 }, async () => {
  const work = scripted({ lines: [claims] }, limitedTo(20_000));
  const task = await checkedBy(work, 'head -c 100000000 /dev/zero | tr "\\0" x');
  expect(task).toMatchObject({ state: 'failed', fault: { code: 'task.not-accepted' } });
  expect(task.evidence[0]?.detail).toContain('wrote more than 2000000 bytes');
  expect(task.evidence[0]?.detail.length).toBeLessThan(2_500);
  expect(work.db.checkpoint()).toBeLessThan(1_000_000);
});

test('a folder that vanishes in the middle is told to the model, and the task waits for the person; with the folder back it goes on', async () => {
  const vanish = (): void => rmSync(work.folder, { recursive: true });
  const work: House = scripted({ lines: [write('a'), { ...write('b'), expect: vanish }, { text: 'Done.' }, write('c'), claims] });
  const { id } = work.inbox.addTask({ goal: 'do it', folder: work.folder, approve: 'folder', checks: [{ type: 'file', path: 'out.txt', matches: 'c' }] });
  await work.worker.untilIdle();
  const { run } = work.tasks.get(id);
  expect(work.tasks.get(id)).toMatchObject({ state: 'waiting', waitingFor: 'answer', fault: { code: 'folder.missing' } });
  expect(outputs(work, run ?? 0)[1]).toBe(`failed: The chosen folder ${work.folder} is not there any more; ask the person to choose another one.`);
  mkdirSync(work.folder);
  work.approvals.answer(work.approvals.open()[0]?.id ?? 0, 'once');
  work.worker.wake();
  await work.worker.untilIdle();
  expect(work.tasks.get(id)).toMatchObject({ state: 'done', evidence: [{ ok: true }] });
});

test('a folder that becomes read-only in the middle is told to the model', async ({ skip }) => {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && spawnSync('mount', ['--version']).status !== 0) skip('nothing can be made read-only for root here');
  const lock = (): void => {
    if (!isRoot) chmodSync(work.folder, 0o500);
    else if (spawnSync('mount', ['-o', 'remount,ro', work.folder]).status !== 0) throw new Error('not remounted');
  };
  const work: House = scripted({ lines: [write('a'), { ...write('b'), expect: lock }, claims] });
  if (isRoot && spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', work.folder]).status !== 0) skip('nothing can be mounted here');
  try {
    const run = await ask(work, 'do it', { approve: 'folder' });
    expect(outputs(work, run)).toEqual([expect.stringMatching(/^done: Wrote 1 bytes/), expect.stringMatching(/^failed: .*read-only/)]);
    expect(work.runs.get(run).state).toBe('done');
  } finally {
    if (isRoot) spawnSync('umount', ['-l', work.folder]);
    else chmodSync(work.folder, 0o700);
  }
});

test('a clock that shows 1970 or 9999 for a while neither loses a task that rests nor puts it off by thousands of years', async () => {
  const work = scripted({ lines: [{ text: 'Not yet.', repeat: 9 }] });
  const { id } = work.inbox.addTask({
    goal: 'wait for it',
    folder: work.folder,
    checks: [{ type: 'file', path: 'there.txt' }],
    schedule: { type: 'until-done', pauseMs: 60_000 },
  });
  const look = async (ms: number) => {
    work.pass(ms);
    work.worker.wake();
    await work.worker.untilIdle();
    return work.tasks.get(id).steps;
  };
  const right = work.now();
  const steps = [
    await look(0),
    await look(-right),
    await look(right + 61_000),
    await look(Date.UTC(9999, 11, 30) - right),
    await look(right - Date.UTC(9999, 11, 30)),
  ];
  expect(work.tasks.get(id)).toMatchObject({ state: 'waiting', waitingFor: 'time' });
  // Where the clock jumps by more than a day, in whichever direction, the rest is over.
  expect(steps).toEqual([1, 2, 3, 4, 5]);
  expect(work.runs.get(work.tasks.get(id).run ?? 0).wakeAt).toBeLessThan(right + 1_000_000);
});

test('a task that is removed while its run works ends it as stopped, and nothing of it happens afterwards', async () => {
  const work = scripted({ lines: [write('a'), { text: 'word '.repeat(500), delayMs: 20 }, write('late'), claims] });
  const task = work.inbox.addTask({ goal: 'do it', folder: work.folder, approve: 'folder' });
  const run = task.run ?? 0;
  while (!work.events.some(({ type }) => type === 'text.added')) await new Promise((resolve) => setTimeout(resolve, 5));
  await work.worker.stop(run);
  work.clock.remove(task.id);
  const entries = work.runs.entries.of(run).length;
  await work.worker.untilIdle();
  expect(work.runs.get(run).state).toBe('stopped');
  expect([work.tasks.list(), work.runs.entries.of(run).length, statSync(join(work.folder, 'out.txt')).size]).toEqual([[], entries, 1]);
  expect(story(work, run).filter((told) => told.startsWith('ended'))).toEqual(['ended stopped']);
});

test('ten thousand queued runs neither keep a chat message waiting nor get lost when Nacre closes', { timeout: 120_000 }, async () => {
  const first = scripted({ lines: [], groups: [] });
  await first.worker.close();
  const conversation = first.threads.create('', null).id;
  const more = { folder: null, model: null, approve: 'ask', replaces: null, key: null } as const;
  first.db.commit('test', () => {
    for (let n = 0; n < 10_000; n++) first.runs.create({ conversation, kind: 'task', task: null, lane: 'background', text: `work ${n}`, ...more });
  });
  first.db.close();
  const second = house(createScriptedModel({ groups: [{ when: 'hello', lines: [{ text: 'Hello.' }] }], lines: claimsForEver, keepAsked: false }), first.data);
  const { run } = await second.inbox.post({ conversation: second.threads.create('', null).id, text: 'hello' });
  while (second.runs.get(run).endedAt === null) await new Promise((resolve) => setImmediate(resolve));
  const done = (work: House): number => work.db.prepare<{ n: number }>(`SELECT count(*) AS n FROM run WHERE state = 'done'`).get()?.n ?? 0;
  expect([second.runs.get(run).state, done(second) < 100]).toEqual(['done', true]);
  await second.worker.close();
  const states = second.db.prepare<{ state: string; n: number }>(`SELECT state, count(*) AS n FROM run GROUP BY state ORDER BY state`).all();
  expect(states).toEqual([
    { state: 'done', n: done(second) },
    { state: 'queued', n: 10_001 - done(second) },
  ]);
});

/** With a pause, so that the test gets its turn. */
const claimsForEver = [{ text: 'Done.', repeat: 20_000, delayMs: 1 }];

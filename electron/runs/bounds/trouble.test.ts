// What becomes of a task that is in trouble, or whose ground is gone. Over the real loop and a real journal.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { add, answer, type Lines, read, run, script, write } from '../../../e2e/scaffold/errand.ts';
import { clearHouses, house } from '../../../e2e/scaffold/house.ts';
import { fault } from '../../contract/fault.ts';
import type { Model } from '../../models/model.ts';

afterEach(clearHouses);

describe('trouble', () => {
  test('is told once; a task that goes on in it stands still with a report', async () => {
    const work = house(script({ ...write('a', 'x'), repeat: 50 }));
    const task = await add(work, { approve: 'folder' });
    expect(task).toMatchObject({ state: 'waiting', waitingFor: 'answer', fault: { code: 'run.repeats', values: { tool: 'write_file', times: 5 } } });
    const entries = work.runs.entries.of(task.run ?? 0);
    expect(entries.filter(({ body }) => body.type === 'told')).toMatchObject([
      { body: { about: 'limit', text: expect.stringContaining('Try one different approach') } },
    ]);
    expect(work.approvals.open()).toMatchObject([
      { about: 'trouble', caution: { code: 'run.repeats' }, payload: 'Changed so far:\n✓ write_file {"path":"a","content":"x"}' },
    ]);
  });

  test('that the model leaves after it was told costs nothing', async () => {
    const work = house(script({ ...write('a', 'x'), repeat: 4 }, write('b'), { ...write('c'), repeat: 4 }, { text: 'ok' }));
    const task = await add(work, { approve: 'folder' });
    const told = work.runs.entries.of(task.run ?? 0).filter(({ body }) => body.type === 'told');
    expect([task.state, told.length]).toEqual(['done', 2]);
  });

  test('"go on" forgets it, and it is found again', async () => {
    const work = house(script({ ...write('a', 'x'), repeat: 50 }));
    const task = await add(work, { approve: 'folder' });
    await answer(work, 'once');
    expect(work.tasks.get(task.id)).toMatchObject({ state: 'waiting', steps: 11 });
  });

  test('of an engine that dies three times at one step parks the task; a reply in between begins the count anew', async () => {
    const dead = fault('model.engine-died', {}, { retry: true });
    const dies = [true, true, false, true, true, true];
    const spoken = script(read('a'), { text: 'ok' });
    const model: Model = {
      ...spoken,
      async *generate(request, signal) {
        if (dies.shift() === true) yield { type: 'fault', fault: dead };
        else yield* spoken.generate(request, signal);
      },
    };
    const work = house(model);
    const task = await add(work);
    expect(task).toMatchObject({ state: 'waiting', steps: 1, fault: { code: 'run.engine-dies', values: { times: 3, step: 2, model: 'Script' } } });
    await answer(work, 'once');
    expect(work.tasks.get(task.id)).toMatchObject({ state: 'done' });
  });

  test('a task that looks again after each pause is not in trouble', async () => {
    const lines: Lines = [...Array.from({ length: 8 }, () => [run('ls'), { text: 'Not yet.' }]).flat()];
    const work = house(script(...lines));
    const task = await add(work, { approve: 'folder', schedule: { type: 'until-done', pauseMs: 3_600_000 }, checks: [{ type: 'file', path: 'late' }] });
    for (let round = 0; round < 7; round++) {
      work.pass(3_700_000);
      work.worker.wake();
      await work.worker.untilIdle();
    }
    expect(work.tasks.get(task.id)).toMatchObject({ state: 'waiting', waitingFor: 'time', steps: 16 });
  });
});

describe('bad ground', () => {
  test('a folder that is gone parks the task in words; when it is back the task goes on', async () => {
    const work = house(script(run('rm -rf ../folder'), read('a'), { text: 'ok' }));
    const task = await add(work, { approve: 'folder' });
    expect(task).toMatchObject({ state: 'waiting', waitingFor: 'answer', fault: { code: 'folder.missing', values: { folder: work.folder } } });
    await answer(work, 'once');
    expect(work.tasks.get(task.id)).toMatchObject({ state: 'waiting', fault: { code: 'folder.missing' } });
    mkdirSync(work.folder);
    await answer(work, 'once');
    expect(work.tasks.get(task.id)).toMatchObject({ state: 'done' });
  });

  test.skipIf(process.platform !== 'linux')('a folder that became read-only does the same, where the task was to write there', async ({ skip }) => {
    const work = house(script(write('a'), { text: 'ok' }));
    const isRoot = process.getuid?.() === 0;
    if (isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', work.folder]).status !== 0) skip('nothing can be mounted here');
    if (!isRoot) chmodSync(work.folder, 0o500);
    try {
      const task = await add(work, { grants: [{ tool: 'write_file', pattern: null }] });
      expect(task).toMatchObject({ state: 'waiting', fault: { code: 'folder.read-only' } });
      if (isRoot) execFileSync('mount', ['-o', 'remount,rw', work.folder]);
      else chmodSync(work.folder, 0o700);
      await answer(work, 'once');
      expect(work.tasks.get(task.id)).toMatchObject({ state: 'done' });
    } finally {
      if (isRoot) execFileSync('umount', ['-l', work.folder]);
    }
  });
});

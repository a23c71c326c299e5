// What bounds a task: its grants and nothing else, its budget, and what of both it can hand on. Over the real loop and a real journal.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { add, answer, type Lines, read, run, script, write } from '../../../e2e/scaffold/errand.ts';
import { ask, clearHouses, type House, house, story } from '../../../e2e/scaffold/house.ts';
import { createScriptedModel } from '../../models/scripted.ts';

afterEach(clearHouses);

const day = 86_400_000;
const content = (work: House, path: string): string | null => (existsSync(join(work.folder, path)) ? readFileSync(join(work.folder, path), 'utf8') : null);

describe('grants', () => {
  test('let a task work alone; what ran without asking is listed', async () => {
    const work = house(script(write('out/a'), run('echo hi'), { text: 'Done.' }));
    const grants = [
      { tool: 'write_file', pattern: 'out/**' },
      { tool: 'run_command', pattern: 'echo *' },
    ];
    const task = await add(work, { grants });
    expect([task.state, work.reports.unasked(task.id)]).toMatchObject([
      'done',
      [
        { call: 'c2_1', tool: 'run_command', title: 'echo hi' },
        { call: 'c1_1', tool: 'write_file', title: 'out/a' },
      ],
    ]);
  });

  test('are all there is: the rest waits, through a restart and for days, while other tasks go on', async () => {
    const groups = [
      { when: 'the long one', lines: [write('a'), write('b'), { text: 'Both.' }] },
      { when: 'the short one', lines: [{ text: 'Short.' }] },
    ];
    const first = house(createScriptedModel({ groups }));
    const long = await add(first, { goal: 'the long one', grants: [{ tool: 'write_file', pattern: 'a' }] });
    expect([long.state, long.waitingFor, content(first, 'a'), content(first, 'b')]).toEqual(['waiting', 'approval', 'a', null]);
    expect(first.events.filter(({ type }) => type === 'approval.asked')).toHaveLength(1);
    await first.close();
    const second = house(createScriptedModel({ groups }), first.data);
    second.pass(3 * day);
    expect(await add(second, { goal: 'the short one' })).toMatchObject({ state: 'done' });
    expect(second.events.filter(({ type }) => type === 'approval.asked')).toEqual([]);
    await answer(second, 'once');
    expect([second.tasks.get(long.id).state, content(second, 'b')]).toEqual(['done', 'b']);
    expect(second.reports.unasked(long.id).map(({ title }) => title)).toEqual(['a']);
  });

  test('of a conversation do not hold for its tasks, nor those of a task for turns or other tasks', async () => {
    const work = house(script(write('a'), { text: 'ok' }));
    await ask(work, 'write it');
    await answer(work, 'conversation');
    const conversation = work.threads.list()[0]?.id ?? 0;
    const task = await add(work, { conversation });
    expect(task).toMatchObject({ state: 'waiting', waitingFor: 'approval' });
    await answer(work, 'conversation');
    expect(work.permissions.list()).toMatchObject([
      { task: task.id, conversation, tool: 'write_file', what: null, folder: work.folder },
      { task: null, conversation },
    ]);
    expect(await add(work, { conversation })).toMatchObject({ state: 'waiting' });
    expect(work.permissions.of({ ...work.runs.get(task.run ?? 0), task: null, conversation: 99 }, [], null)).toEqual([]);
  });

  test('that an answer left behind hold for the next run of the task, until they are taken back', async () => {
    const work = house(script(write('a'), { text: 'ok' }));
    const task = await add(work, { goal: 'again and again' });
    await answer(work, 'conversation');
    const again = async (): Promise<string> => {
      work.clock.runNow(task.id);
      await work.worker.untilIdle();
      return work.tasks.get(task.id).state;
    };
    expect(await again()).toBe('done');
    work.permissions.revoke(work.permissions.list()[0]?.id ?? 0);
    expect([await again(), work.permissions.list()]).toEqual(['waiting', []]);
    expect(() => work.permissions.revoke(1)).toThrow('no permission 1 that still holds');
  });

  test('can reach everywhere, by a pattern, and end at a time', async () => {
    const work = house(script(run('git --version'), run('git --help'), { text: 'ok' }));
    await ask(work, 'look');
    const [asked] = work.approvals.open();
    expect(() => work.approvals.answer(asked?.id ?? 0, 'conversation', { pattern: 'npm *' })).toThrow('does not cover the call');
    await answer(work, 'conversation', { everywhere: true, pattern: 'git *', until: work.now() + day });
    expect(work.permissions.list()).toMatchObject([{ conversation: null, task: null, what: 'git *' }]);
    const state = async (): Promise<string> => {
      const { run: id } = await work.inbox.post({ conversation: work.threads.create('', work.folder).id, text: 'look there' });
      await work.worker.untilIdle();
      return work.runs.get(id).state;
    };
    expect(await state()).toBe('done');
    work.pass(2 * day);
    expect([await state(), work.permissions.list()]).toEqual(['waiting', []]);
  });

  test.each([
    [{ grants: [{ tool: 'fly_plane', pattern: null }] }, /no tool fly_plane/],
    [{ grants: [{ tool: 'write_file', pattern: '../x' }] }, /out of the task's folder/],
  ])('that can not mean anything are refused, and nothing is added: %j', (more, sentence) => {
    const work = house(script());
    expect(() => work.inbox.addTask({ goal: 'x', folder: work.folder, ...more })).toThrow(sentence);
    expect([work.tasks.list(), work.threads.list()]).toEqual([[], []]);
  });

  test('with --approve deny a task is denied what it was not granted', async () => {
    const work = house(script(write('a'), write('b'), { text: 'Without b.' }));
    const task = await add(work, { approve: 'deny', grants: [{ tool: 'write_file', pattern: 'a' }] });
    expect([task.state, content(work, 'a'), content(work, 'b')]).toEqual(['done', 'a', null]);
  });
});

describe('editing', () => {
  test('changes grants and budget of a run at work at once, and the rest from the next run on', async () => {
    const work = house(
      createScriptedModel({
        groups: [
          { when: 'old goal', lines: [write('a'), write('b'), { text: 'ok' }] },
          { when: 'new goal', lines: [{ text: 'New.' }] },
        ],
      }),
    );
    const task = await add(work, { goal: 'old goal', checks: [{ type: 'file', path: 'b' }] });
    const grants = [{ tool: 'write_file', pattern: null }];
    const edited = work.inbox.editTask({ task: task.id, goal: 'new goal', checks: [{ type: 'file', path: 'never' }], grants, budget: { steps: 100 } });
    expect(edited).toMatchObject({ goal: 'new goal', grants, budget: { steps: 100 } });
    await answer(work, 'once');
    expect(work.tasks.get(task.id)).toMatchObject({ state: 'done', evidence: [{ check: { path: 'b' }, ok: true }] });
    work.clock.runNow(task.id);
    await work.worker.untilIdle();
    expect(work.tasks.get(task.id).evidence).toMatchObject([{ check: { path: 'never' }, ok: false }]);
  });

  test('ends the answers that were given to what the task was before, and no others', async () => {
    const work = house(script(write('a'), { text: 'ok' }));
    const task = await add(work);
    await answer(work, 'conversation');
    work.inbox.editTask({ task: task.id, budget: { tokens: 5 }, missed: { type: 'skip' }, grants: [] });
    expect(work.permissions.list()).toHaveLength(1);
    work.inbox.editTask({ task: task.id, goal: 'something else' });
    expect(work.permissions.list()).toEqual([]);
  });

  test('to another schedule makes it due by that, and a circle is refused', async () => {
    const work = house(script({ text: 'ok' }));
    const every = { type: 'every', ms: 3_600_000, from: work.now() } as const;
    const first = await add(work);
    const second = await add(work, { schedule: { type: 'after', task: first.id } });
    const third = await add(work, { schedule: { type: 'after', task: second.id } });
    expect(work.inbox.editTask({ task: first.id, schedule: every })).toMatchObject({ state: 'waiting', next: { length: 3 } });
    expect(() => work.inbox.editTask({ task: first.id, goal: 'x', schedule: { type: 'after', task: third.id } })).toThrow('neither would ever begin');
    expect(() => work.inbox.editTask({ task: first.id, schedule: { type: 'after', task: first.id } })).toThrow('neither would ever begin');
    expect(() => work.inbox.editTask({ task: first.id, schedule: { type: 'at', at: 1 } })).toThrow('passed already');
    expect(work.tasks.get(first.id)).toMatchObject({ goal: 'do it', schedule: every });
    expect(work.inbox.editTask({ task: first.id, schedule: { type: 'now' } })).toMatchObject({ next: [] });
  });

  test('keeps the fingerprint of what must stay unchanged, and takes that of what is new', async () => {
    const work = house(script({ text: 'ok' }));
    mkdirSync(join(work.folder, 'src'));
    writeFileSync(join(work.folder, 'src', 'a'), 'a');
    const source = { type: 'unchanged', path: 'src' } as const;
    const added = work.inbox.addTask(await work.inbox.prepare({ goal: 'x', folder: work.folder, checks: [source] }));
    writeFileSync(join(work.folder, 'src', 'a'), 'changed');
    const file = { type: 'unchanged', path: 'src/a' } as const;
    const edited = work.inbox.editTask(await work.inbox.prepare({ task: added.id, checks: [source, file] }));
    const [was] = added.checks;
    expect(edited.checks).toEqual([was, { ...file, was: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    await work.worker.untilIdle();
    expect(work.tasks.get(added.id)).toMatchObject({ state: 'failed', evidence: [{ ok: false, detail: 'src has changed since the task was added.' }] });
    await expect(work.inbox.prepare({ task: added.id, checks: [{ type: 'unchanged', path: 'gone' }] })).rejects.toThrow('no file gone');
  });
});

describe('budgets', () => {
  test('of tokens are set aside before each call and never exceeded; then the run asks, and goes on with as much once more', async () => {
    const model = script({ ...read('note-%N%'), repeat: 400 }, { text: 'ok' });
    const work = house(model);
    const limit = 20_000;
    const task = await add(work, { budget: { tokens: limit } });
    expect(task).toMatchObject({ state: 'waiting', waitingFor: 'answer', fault: { code: 'run.budget-tokens' } });
    expect(task.spent.tokens).toBeGreaterThan(limit * 0.7);
    expect(task.spent.tokens).toBeLessThanOrEqual(limit);
    const [question] = work.approvals.open();
    expect(question).toMatchObject({ about: 'budget', caution: { code: 'run.budget-tokens' } });
    expect(work.events.filter(({ type }) => type === 'approval.asked')).toHaveLength(1);
    const told = work.runs.entries.of(task.run ?? 0).filter(({ body }) => body.type === 'told' && body.about === 'budget');
    expect(told).toMatchObject([{ body: { text: expect.stringMatching(/nearly spent; left: \d+ of 20000 tokens/) } }]);
    await answer(work, 'once');
    const more = work.tasks.get(task.id);
    expect([more.state, more.steps > task.steps, more.spent.tokens <= 2 * limit, more.spent.tokens > limit]).toEqual(['waiting', true, true, true]);
    await answer(work, 'deny');
    expect(work.tasks.get(task.id)).toMatchObject({ state: 'failed', fault: { code: 'run.budget-tokens' } });
  });

  test('cap each reply by what is left', async () => {
    const model = script(read('a'), read('b'), { text: 'ok' });
    await add(house(model), { budget: { tokens: 9_000 } });
    const caps = model.asked.map(({ maxTokens }) => maxTokens ?? 0);
    expect(caps.slice(0, 2)).toEqual([4096, expect.any(Number)]);
    expect(caps.slice(1).every((cap, index) => cap <= (caps[index] ?? 0))).toBe(true);
  });

  test('count what a crash left set aside, and a judgement', async () => {
    const first = house(script());
    await first.worker.close();
    const task = first.inbox.addTask({ goal: 'x', folder: first.folder, budget: { tokens: 50_000 } });
    const claimed = first.runs.claim(task.run ?? 0, 'm');
    first.runs.account.reserve(claimed, 7_000);
    first.db.close();
    const second = house(
      createScriptedModel({ groups: [{ when: 'Was the goal reached?', lines: [{ text: 'DONE. Seen.' }] }], lines: [{ text: 'ok' }] }),
      first.data,
    );
    expect(second.tasks.get(task.id).spent.tokens).toBe(7_000);
    await second.worker.untilIdle();
    const { state, spent, usage } = second.tasks.get(task.id);
    const replies = (usage?.read ?? 0) + (usage?.written ?? 0);
    expect([state, second.runs.get(task.run ?? 0).reserved]).toEqual(['done', 0]);
    expect(spent.tokens).toBeGreaterThan(replies + 7_000);
  });

  test('of steps hold, and cost no commit', async () => {
    const work = house(script({ ...read('note-%N%'), repeat: 10 }, { text: 'ok' }));
    const task = await add(work, { budget: { steps: 5 } });
    expect([task.state, task.steps, story(work, task.run ?? 0).slice(-3)]).toEqual(['waiting', 5, ['outcome failed', 'parked', 'waiting']]);
    await answer(work, 'conversation');
    expect(work.permissions.list()).toEqual([]);
    expect(work.tasks.get(task.id)).toMatchObject({ state: 'waiting', steps: 10 });
  });

  test('of minutes count the time at work, which stands in the journal', async () => {
    const work = house(script({ ...run('sleep 0.2; echo %N%'), repeat: 9 }, { text: 'ok' }));
    const task = await add(work, { approve: 'folder', budget: { minutes: 0.5 / 60 } });
    expect(task).toMatchObject({ state: 'waiting', fault: { code: 'run.budget-minutes' } });
    const { workedMs } = work.runs.get(task.run ?? 0);
    expect(workedMs).toBeGreaterThan(500);
    work.pass(day);
    expect(work.runs.get(task.run ?? 0).workedMs).toBe(workedMs);
  });

  test('raised by the person hold at once', async () => {
    const work = house(script({ ...read('note-%N%'), repeat: 6 }, { text: 'ok' }));
    const task = await add(work, { budget: { steps: 3 } });
    work.inbox.editTask({ task: task.id, budget: { steps: 50 } });
    await answer(work, 'once');
    expect(work.tasks.get(task.id)).toMatchObject({ state: 'done', steps: 7 });
  });

  test('are not needed: then a step has the commits that it had', async () => {
    const work = house(script({ ...read('note-%N%'), repeat: 20 }, { text: 'ok' }));
    const commits: string[] = [];
    const { commit } = work.db;
    const watched = (name: string, act: () => unknown): unknown => {
      commits.push(name);
      return commit(name, act);
    };
    Object.assign(work.db, { commit: watched });
    await add(work);
    expect(commits.filter((name) => name.startsWith('entry.')).length).toBe(20 * 2 + 2);
    expect(commits.filter((name) => name === 'run.reserve')).toEqual([]);
  });
});

describe('a part of the work that is handed over', () => {
  const lines = (tool: string, more: object) => [{ calls: [{ tool, arguments: { goal: 'the part', ...more } }] }, { text: 'Handed over.' }];
  const groups = (whole: Lines) => [
    { when: 'Goal: the whole', lines: whole },
    { when: 'Goal: the part', lines: [write('out'), { text: 'ok' }] },
  ];

  test('has the grants of its parent and half of what is left, which the parent then has no more', async () => {
    const work = house(createScriptedModel({ groups: groups(lines('start_task', {})) }));
    const whole = await add(work, { goal: 'the whole', grants: [{ tool: 'write_file', pattern: 'in' }], budget: { tokens: 60_000, steps: 10, minutes: 60 } });
    const [part] = work.tasks.list();
    expect([part?.goal, part?.grants, part?.state]).toEqual(['the part', whole.grants, 'waiting']);
    expect(part?.budget).toMatchObject({ steps: 4, tokens: expect.any(Number), minutes: expect.any(Number) });
    const parent = work.tasks.get(whole.id);
    expect((part?.budget.tokens ?? 0) + parent.spent.tokens).toBeLessThanOrEqual(60_000 + (part?.budget.tokens ?? 0));
    expect(parent.spent.steps).toBe(2 + 4);
    expect(parent.spent.tokens).toBeGreaterThan(part?.budget.tokens ?? 0);
    expect(work.db.prepare('SELECT parent FROM task WHERE goal = ?').get('the part')).toEqual({ parent: whole.run });
  });

  test('without an end is refused under a budget', async () => {
    const work = house(createScriptedModel({ groups: groups(lines('schedule_task', { every: '1h' })) }));
    const grants = [{ tool: 'schedule_task', pattern: null }];
    const whole = await add(work, { goal: 'the whole', grants, budget: { tokens: 60_000 } });
    expect([work.tasks.list().length, story(work, whole.run ?? 0).slice(0, 4)]).toEqual([1, ['message', 'reply', 'intent', 'outcome failed']]);
  });
});

test('a folder that is elsewhere by a link is the same folder to a grant', async () => {
  const real = mkdtempSync(join(tmpdir(), 'nacre-real-'));
  try {
    const work = house(script(write('out/a'), { text: 'ok' }));
    const link = join(work.data, 'link');
    execFileSync('ln', ['-s', real, link]);
    expect(await add(work, { folder: link, grants: [{ tool: 'write_file', pattern: 'out/*' }] })).toMatchObject({ state: 'done' });
  } finally {
    rmSync(real, { recursive: true });
  }
});

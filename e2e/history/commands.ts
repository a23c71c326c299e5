// Everything that may happen in a random history, as fast-check's commands: the person's doings, the work going on, the clock, and the power failing.
import fc from 'fast-check';
import type { ApprovalAnswer } from '../../electron/contract/approval.ts';
import type { MissedPolicy, Schedule } from '../../electron/contract/schedule.ts';
import { act, comeBack } from './person.ts';
import type { Person } from './truth/accepted.ts';
import type { World } from './world/life.ts';

export type Command = fc.AsyncCommand<Person, World>;

const minute = 60_000;
const hour = 60 * minute;
const goals = ['now', 'now', 'until-done', 'at', 'every', 'cron', 'after'] as const;
const policies: readonly MissedPolicy[] = [{ type: 'once' }, { type: 'skip' }, { type: 'all' }, { type: 'within', ms: 2 * hour }];

const nat = (max: number): fc.Arbitrary<number> => fc.nat({ max });

/** Weighted by how much each finds. */
export const anyCommand: fc.Arbitrary<Command>[] = [
  ...[1, 2].map((most) =>
    fc.tuple(nat(most), nat(5)).map(([place, how]) => command(`post ${place} ${how}`, (world, person) => post(world, person, place, how))),
  ),
  ...[goals, goals].map((types) =>
    fc
      .tuple(fc.constantFrom(...types), nat(3), nat(3), nat(47))
      .map(([type, missed, how, size]) =>
        command(`task ${type} ${missed} ${how} ${size}`, (world, person) => addTask(world, person, { type, missed, how, size })),
      ),
  ),
  ...[4, 12, 25, 25].map((most) => nat(most).map((times) => command(`work ${times}`, (world, person) => goOn(world, person, times)))),
  fc.tuple(nat(30), nat(9)).map(([fuse, downS]) => command(`cut after ${fuse}`, (world, person) => cut(world, person, fuse, downS, null))),
  fc
    .tuple(nat(30), nat(3600), nat(12))
    .map(([fuse, downS, again]) => command(`cut after ${fuse} and ${again}`, (world, person) => cut(world, person, fuse, downS, again + 1))),
  fc
    .tuple(nat(40), fc.constantFrom<ApprovalAnswer>('once', 'once', 'conversation', 'deny'))
    .map(([which, answer]) => command(`answer ${which} ${answer}`, (world, person) => giveAnswer(world, person, which, answer))),
  fc
    .tuple(nat(20), fc.constantFrom('pause', 'resume', 'run-now', 'remove', 'stop', 'edit', 'retry', 'replace'))
    .map(([which, what]) => command(`${what} ${which}`, (world, person) => steer(world, person, which, what))),
  nat(120).map((seconds) => command(`wait ${seconds} s`, (world, person) => wait(world, person, seconds * 1000))),
  nat(48).map((hours) => command(`sleep ${hours} h`, (world, person) => sleep(world, person, hours * hour))),
  fc
    .tuple(fc.integer({ min: -2880, max: 2880 }), fc.boolean())
    .map(([minutes, told]) => command(`set the clock by ${minutes} min`, (world, person) => setClock(world, person, minutes * minute, told))),
  fc.constantFrom(0, Date.UTC(9999, 11, 30)).map((to) => command(`clock at ${to}`, (world, person) => wrongClock(world, person, to))),
  nat(6).map((times) => command(`full disk for ${times}`, (world, person) => fillDisk(world, person, times))),
  nat(20).map((which) => command(`send ${which} again`, (world, person) => sendAgain(world, person, which))),
];

function command(name: string, run: (world: World, person: Person) => Promise<void>): Command {
  return { check: () => true, run: (person, world) => run(world, person), toString: () => name };
}

async function post(world: World, person: Person, place: number, how: number): Promise<void> {
  const number = world.nextNumber();
  const one = { text: `message ${number}.`, key: `key ${number}`, acknowledged: false, again: false };
  person.posted.push(one);
  await sendMessage(world, person, one, place, how);
}

async function sendMessage(world: World, person: Person, one: Person['posted'][number], place: number, how: number): Promise<void> {
  const approve = (['ask', 'ask', 'folder', 'deny'] as const)[how % 4] ?? 'ask';
  const answered = await act(world, person, ({ inbox, threads }) =>
    inbox.post({ conversation: conversationAt(threads, place), text: one.text, key: one.key, approve }),
  );
  if (answered === 'acknowledged') one.acknowledged = true;
}

function conversationAt(threads: World['life']['work']['threads'], place: number): number {
  return (threads.list().find(({ title }) => title === `c${place}`) ?? threads.create(`c${place}`, null)).id;
}

type Wanted = { readonly type: (typeof goals)[number]; readonly missed: number; readonly how: number; readonly size: number };

async function addTask(world: World, person: Person, { type, missed, how, size }: Wanted): Promise<void> {
  const number = world.nextNumber();
  const one = { goal: `goal ${number}.`, key: `key ${number}`, schedule: type, acknowledged: false, again: false };
  const schedule = scheduleOf(world, type, size);
  if (schedule === null) return;
  person.handed.push(one);
  const answered = await act(world, person, ({ inbox }) =>
    inbox.addTask({
      goal: one.goal,
      key: one.key,
      schedule,
      missed: policies[missed] ?? { type: 'once' },
      approve: how === 3 ? 'deny' : 'ask',
      budget: how === 1 ? {} : { steps: 2 + how },
      checks: how % 2 === 0 ? [{ type: 'command', command: 'look' }] : [],
    }),
  );
  if (answered === 'acknowledged') one.acknowledged = true;
}

function scheduleOf(world: World, type: Wanted['type'], size: number): Schedule | null {
  if (type === 'now') return { type };
  if (type === 'until-done') return { type, pauseMs: (size + 1) * minute };
  if (type === 'at') return { type, at: world.time + (size + 1) * 30 * minute };
  if (type === 'every') return { type, ms: ((size % 12) + 1) * 30 * minute, from: world.time };
  if (type === 'cron') return { type, pattern: '0 * * * *', zone: 'UTC' };
  const tasks = idsOf(world, 'task');
  const task = tasks[size % Math.max(1, tasks.length)];
  return task === undefined ? null : { type: 'after', task };
}

/** Lets what stands at a gate go on, so many times, in an order that the dice choose. */
async function goOn(world: World, person: Person, times: number): Promise<void> {
  for (let time = 0; time < times && world.life.gates.length > 0; time++) {
    const { life } = world;
    await act(world, person, () => life.gates[world.dice(life.gates.length)]?.release());
  }
}

/** Cuts the power at the n-th write or effect from now, or, where nothing is written, in the middle of nothing. */
async function cut(world: World, person: Person, fuse: number, downS: number, again: number | null): Promise<void> {
  const before = world.crashes;
  world.fuse = fuse === 0 ? null : fuse;
  for (let time = 0; time < fuse && world.crashes === before && world.life.gates.length > 0; time++) await goOn(world, person, 1);
  world.fuse = null;
  if (world.crashes === before) await comeBack(world, person, downS * 1000, again);
}

async function giveAnswer(world: World, person: Person, which: number, answer: ApprovalAnswer): Promise<void> {
  const all = world.life.raw.prepare<{ id: number; state: string }>('SELECT id, state FROM approval ORDER BY id DESC').all();
  const one = all[which % Math.max(1, all.length)];
  if (one === undefined) return;
  const answered = await act(world, person, ({ approvals, worker }) => {
    approvals.answer(one.id, answer);
    worker.wake();
  });
  if (one.state !== 'open' && answered === 'acknowledged') throw new Error(`question ${one.id} was ${one.state} and took an answer`);
}

async function steer(world: World, person: Person, which: number, what: string): Promise<void> {
  const ids = idsOf(world, what === 'retry' || what === 'replace' ? 'run' : 'task');
  const id = ids[which % Math.max(1, ids.length)];
  if (id === undefined) return;
  await act(world, person, async (work) => {
    const { clock, tasks, worker, inbox, runs } = work;
    if (what === 'pause') clock.pause(id);
    if (what === 'resume') clock.resume(id);
    if (what === 'run-now') clock.runNow(id);
    if (what === 'edit') inbox.editTask({ task: id, budget: { steps: 1 + (which % 8) }, checks: [{ type: 'command', command: 'look again' }] });
    if (what === 'stop') await worker.stop(tasks.get(id).run ?? 0);
    if (what === 'remove') {
      const { run } = tasks.get(id);
      if (run !== null) await worker.stop(run);
      clock.remove(id);
    }
    if (what === 'retry' || what === 'replace') {
      const run = runs.get(id);
      if (what === 'retry' && run.endedAt === null) return;
      for (const one of person.posted) one.again = true;
      for (const one of person.handed) one.again = true;
      await (what === 'retry'
        ? inbox.retry(id)
        : inbox.post({ conversation: run.conversation, text: 'Rather this.', ...(run.kind === 'turn' ? { replaces: id } : {}) }));
    }
  });
}

async function wait(world: World, person: Person, ms: number): Promise<void> {
  await world.pass(ms);
  await act(world, person, () => undefined);
}

async function sleep(world: World, person: Person, ms: number): Promise<void> {
  world.time += ms;
  await act(world, person, ({ clock, worker }) => {
    clock.wake();
    worker.wake();
  });
  await wait(world, person, minute);
}

async function setClock(world: World, person: Person, ms: number, told: boolean): Promise<void> {
  world.time += ms;
  if (told) await act(world, person, ({ clock }) => clock.wake());
  await wait(world, person, minute);
}

async function wrongClock(world: World, person: Person, to: number): Promise<void> {
  const right = world.time;
  world.time = to;
  await wait(world, person, minute);
  await goOn(world, person, 2);
  world.time = right + 2 * minute;
  await wait(world, person, minute);
}

/** After a write that failed the worker rests for ten seconds, then takes up what was cut off. */
async function fillDisk(world: World, person: Person, times: number): Promise<void> {
  world.diskIsFull = true;
  for (let time = 0; time < times && world.life.gates.length > 0; time++) {
    world.life.gates[world.dice(world.life.gates.length)]?.release();
    await world.settle();
  }
  world.diskIsFull = false;
  world.time += 10_001;
  world.timers.advance(10_001);
  await act(world, person, () => undefined);
}

async function sendAgain(world: World, person: Person, which: number): Promise<void> {
  const one = person.posted[which % Math.max(1, person.posted.length)];
  if (one === undefined || one.again) return;
  const row = world.life.raw.prepare<{ title: string }>('SELECT c.title FROM run r JOIN conversation c ON c.id = r.conversation WHERE r.key = ?').get(one.key);
  // What was not accepted may be sent anywhere; what was goes where it went before.
  if (row === undefined && one.acknowledged) return;
  await sendMessage(world, person, one, row === undefined ? 0 : Number(row.title.slice(1)), 0);
}

function idsOf(world: World, table: 'task' | 'run'): number[] {
  return world.life.raw
    .prepare<{ id: number }>(`SELECT id FROM ${table} ORDER BY id DESC`)
    .all()
    .map(({ id }) => id);
}

/** Nothing goes wrong any more: all questions are answered, all pauses pass, everything comes to its end. */
export async function drain(world: World, person: Person): Promise<void> {
  Object.assign(world, { calm: true, fuse: null });
  await wait(world, person, 2 * minute);
  const overdue = world.life.work.firings.dueBy(world.time - minute);
  if (overdue.length > 0) throw new Error(`task ${overdue[0]?.task} was due and nothing became of it`);
  for (const task of world.life.work.tasks.list()) await act(world, person, ({ clock }) => clock.pause(task.id));
  for (let round = 0; round < 100; round++) {
    await goOn(world, person, 1_000);
    const open = world.life.work.approvals.open();
    for (const { id } of open) await giveOpen(world, person, id);
    const waiting = world.life.work.runs.inState('waiting');
    const wakes = waiting.flatMap(({ wakeAt }) => wakeAt ?? []);
    if (world.life.gates.length === 0 && open.length === 0 && wakes.length === 0) break;
    world.time = Math.max(world.time, ...wakes);
    await act(world, person, ({ worker }) => worker.wake());
  }
  const left = world.life.work.runs.inState('queued', 'running', 'waiting');
  if (left.length > 0) throw new Error(`run ${left[0]?.id} is ${left[0]?.state} (${left[0]?.waitingFor}) and nothing will ever end it`);
}

async function giveOpen(world: World, person: Person, id: number): Promise<void> {
  await act(world, person, ({ approvals, worker }) => {
    approvals.answer(id, 'once');
    worker.wake();
  });
}

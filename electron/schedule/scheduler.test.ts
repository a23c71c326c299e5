import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begin, coveredBy, createComputer, createWorld } from '../../e2e/scaffold/computer.ts';
import type { MissedPolicy, Schedule } from '../contract/schedule.ts';
import { dueBetween } from './recurrence.ts';
import { createScheduler, longestTickMs, type Occurrence, type Scheduler } from './scheduler.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const once: MissedPolicy = { type: 'once' };
const at = (time: number): [Schedule, MissedPolicy] => [{ type: 'at', at: time }, once];
const every = (ms: number): [Schedule, MissedPolicy] => [{ type: 'every', ms, from: begin }, once];

describe('the one timer', () => {
  it('tasks are announced at their times, to the millisecond while the computer is awake', () => {
    const computer = createComputer();
    const world = createWorld(computer, { 1: at(begin + 90 * second), 2: at(begin + 10), 3: every(hour) });
    createScheduler(world.parts);
    computer.pass(2 * hour);
    expect(world.announced.map(({ task, at: time }) => [task, time - begin])).toEqual([
      [2, 10],
      [1, 90 * second],
      [3, hour],
      [3, 2 * hour],
    ]);
    expect(world.troubles).toEqual([]);
  });

  it('there is one timer, never longer than thirty seconds, and none after stop', () => {
    const computer = createComputer();
    const asked: number[] = [];
    const world = createWorld(computer, { 1: at(begin + 300 * day) });
    const setTimer = (ms: number, fire: () => void) => {
      asked.push(ms);
      return computer.setTimer(ms, fire);
    };
    const scheduler = createScheduler({ ...world.parts, setTimer });
    computer.pass(10 * minute);
    scheduler.changed();
    scheduler.wake();
    expect(computer.timers()).toBe(1);
    expect(Math.max(...asked)).toBe(longestTickMs);
    scheduler.stop();
    scheduler.stop();
    scheduler.changed();
    scheduler.wake();
    expect(computer.timers()).toBe(0);
  });

  it('a task that was added is announced though the timer was set for later', () => {
    const computer = createComputer();
    const world = createWorld(computer, {});
    const scheduler = createScheduler(world.parts);
    world.rows.set(4, { schedule: { type: 'at', at: begin + second }, policy: once, due: begin + second, records: [] });
    scheduler.changed();
    computer.pass(second);
    expect(world.announced).toEqual([{ task: 4, due: begin + second, at: begin + second }]);
  });

  it('a store that says it changed while it settles is looked at once more, and announced to once', () => {
    const computer = createComputer();
    const world = createWorld(computer, { 1: at(begin + second), 2: at(begin + second) });
    let scheduler: Scheduler | null = null;
    const onDue = (occurrence: Occurrence, now: number) => {
      scheduler?.changed();
      world.parts.onDue(occurrence, now);
      scheduler?.changed();
    };
    scheduler = createScheduler({ ...world.parts, onDue });
    computer.pass(minute);
    expect(world.announced.map(({ task }) => task)).toEqual([1, 2]);
  });

  it('an occurrence is announced once even where the store forgets to move the task on', () => {
    const computer = createComputer();
    const announced: Occurrence[] = [];
    const world = createWorld(computer, { 1: at(begin + second), 2: at(begin + minute) });
    createScheduler({ ...world.parts, onDue: (occurrence) => announced.push(occurrence) });
    computer.pass(hour);
    expect(announced).toEqual([
      { task: 1, due: begin + second },
      { task: 2, due: begin + minute },
    ]);
  });

  it('what fails is tried again half a minute later, and the others go on', () => {
    const computer = createComputer();
    const world = createWorld(computer, { 1: at(begin + second), 2: at(begin + second) });
    let failures = 2;
    let scheduler: Scheduler | null = null;
    const onDue = (occurrence: Occurrence, now: number) => {
      scheduler?.changed();
      if (occurrence.task === 1 && failures-- > 0) throw new Error('disk full');
      world.parts.onDue(occurrence, now);
    };
    scheduler = createScheduler({ ...world.parts, onDue });
    computer.pass(5 * minute);
    expect(world.announced.map(({ task, at: time }) => [task, time - begin])).toEqual([
      [2, second],
      [1, 61 * second],
    ]);
    expect(world.troubles.map(({ type }) => type)).toEqual(['failed', 'failed']);
  });

  it('a store that can not be asked for a while does not stop the clock', () => {
    const computer = createComputer();
    const world = createWorld(computer, { 1: at(begin + minute) });
    let isBroken = false;
    const dueBy = (now: number) => {
      if (isBroken) throw new Error('disk gone');
      return world.parts.dueBy(now);
    };
    createScheduler({ ...world.parts, dueBy });
    isBroken = true;
    computer.pass(2 * minute);
    isBroken = false;
    computer.pass(minute);
    expect(world.announced.map(({ task }) => task)).toEqual([1]);
    expect(world.troubles[0]).toEqual({ type: 'failed', occurrence: null, error: new Error('disk gone') });
  });

  it('stopping in the middle of an announcement ends all others', () => {
    const computer = createComputer();
    const world = createWorld(computer, { 1: at(begin + second), 2: at(begin + second) });
    const seen: number[] = [];
    const scheduler: Scheduler = createScheduler({
      ...world.parts,
      onDue: ({ task }) => {
        seen.push(task);
        scheduler.stop();
      },
    });
    computer.pass(minute);
    expect([seen, computer.timers()]).toEqual([[1], 0]);
  });
});

describe('sleep', () => {
  it.each([false, true])('what was due during sleep is announced at the first tick after it (growing clock counts sleep: %s)', (countsSleep) => {
    const computer = createComputer();
    const world = createWorld(computer, { 1: every(hour) });
    createScheduler(world.parts);
    computer.pass(10 * minute);
    computer.sleep(9 * hour, countsSleep);
    computer.pass(longestTickMs);
    expect(world.rows.get(1)?.records).toEqual([
      { type: 'merged', due: begin + hour, until: begin + 8 * hour, count: 8, into: begin + 9 * hour },
      { type: 'ran', due: begin + 9 * hour, late: expect.any(Number) },
    ]);
  });

  it('being told of waking is faster than the tick', () => {
    const computer = createComputer();
    const world = createWorld(computer, { 1: at(begin + hour) });
    const scheduler = createScheduler(world.parts);
    computer.sleep(2 * hour);
    scheduler.wake();
    expect(world.announced).toEqual([{ task: 1, due: begin + hour, at: begin + 2 * hour }]);
    expect(world.troubles).toEqual([{ type: 'clock-moved', ms: 2 * hour }]);
  });

  it.each([false, true])(
    'many overdue tasks are spread out, each at the same distance every time, while new ones are on time (counts sleep: %s)',
    (countsSleep) => {
      const starts = [1, 2].map(() => {
        const computer = createComputer();
        const schedules = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [index + 1, at(begin + hour + index)]));
        const world = createWorld(computer, { ...schedules, 99: at(begin + 8 * hour + 45 * second) });
        const scheduler = createScheduler(world.parts);
        computer.sleep(8 * hour, countsSleep);
        scheduler.wake();
        for (let passed = 0; passed < 3 * minute; passed += second) {
          computer.pass(second);
          if (passed % 7000 === 0) scheduler.wake();
        }
        expect(world.announced.find(({ task }) => task === 99)?.at).toBe(begin + 8 * hour + 45 * second);
        return world.announced.filter(({ task }) => task !== 99).map(({ task, at: time }) => [task, time]);
      });
      expect(starts[0]).toHaveLength(60);
      expect(starts[1]).toEqual(starts[0]);
      const perSecond = Object.values(Object.groupBy(starts[0] ?? [], ([, time = 0]) => Math.floor(time / second))).map((group) => group?.length ?? 0);
      expect(Math.max(...perSecond)).toBeLessThanOrEqual(3);
    },
  );
});

describe('clocks that are set', () => {
  it('a clock set back announces nothing again, and goes on when it has caught up', () => {
    const computer = createComputer();
    const world = createWorld(computer, { 1: every(hour) });
    createScheduler(world.parts);
    computer.pass(5 * hour);
    computer.set(begin + 2 * hour);
    computer.pass(4 * hour);
    expect(world.announced.map(({ due }) => (due - begin) / hour)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('a clock that went years ahead and back silences no task', () => {
    const computer = createComputer();
    const world = createWorld(computer, { 1: every(hour) });
    createScheduler(world.parts);
    computer.set(Date.UTC(2036, 0, 1));
    computer.pass(minute);
    computer.set(begin + 2 * minute);
    computer.pass(2 * hour);
    expect(world.rows.get(1)?.records.slice(-2)).toEqual([1, 2].map((hours) => ({ type: 'ran', due: begin + hours * hour, late: 0 })));
    expect(world.announced).toHaveLength(3);
  });

  it.each([0, Date.UTC(1970, 5, 1), Date.UTC(9999, 0, 1), 8.64e15])(
    'while the clock shows %d nothing is announced, it is told once, and all goes on when it is right again',
    (wrong) => {
      const computer = createComputer();
      const world = createWorld(computer, { 1: at(begin + hour), 2: every(hour) });
      createScheduler(world.parts);
      computer.set(wrong);
      computer.pass(10 * minute);
      expect(world.announced).toEqual([]);
      expect(world.troubles.map(({ type }) => type)).toEqual(['clock-moved', 'clock-wrong']);
      computer.set(begin + 10 * minute);
      computer.pass(hour);
      expect(world.announced.map(({ task, due }) => [task, due - begin])).toEqual([
        [1, hour],
        [2, hour],
      ]);
    },
  );

  it('started with a wrong clock it waits for the right one', () => {
    const computer = createComputer(0);
    const world = createWorld(computer, { 1: at(begin) });
    createScheduler(world.parts);
    computer.set(begin + 1);
    computer.pass(minute);
    expect(world.announced.map(({ task }) => task)).toEqual([1]);
  });
});

describe('another time zone', () => {
  it('is told once, and moves nothing that is due', () => {
    const computer = createComputer();
    const nine: Schedule = { type: 'cron', pattern: '0 9 * * *', zone: 'Europe/Berlin' };
    const world = createWorld(computer, { 1: [nine, once], 2: every(hour) });
    createScheduler(world.parts);
    computer.travel('Asia/Shanghai');
    computer.pass(2 * hour);
    computer.sleep(24 * hour);
    computer.pass(minute);
    expect(world.troubles.filter(({ type }) => type === 'zone-moved')).toEqual([{ type: 'zone-moved', from: 'Europe/Berlin', to: 'Asia/Shanghai' }]);
    expect(world.announced.filter(({ task }) => task === 1).map(({ due }) => new Date(due).toISOString())).toEqual(['2026-11-22T08:00:00.000Z']);
  });
});

describe('years', () => {
  const schedules: Readonly<Record<number, Schedule>> = {
    1: { type: 'cron', pattern: '30 2 * * *', zone: 'America/New_York' },
    2: { type: 'cron', pattern: '30 2,14 * * 1-5', zone: 'Europe/Berlin' },
    3: { type: 'cron', pattern: '15 2 * * *', zone: 'Australia/Lord_Howe' },
    4: { type: 'cron', pattern: '0 0 31 * *', zone: 'Asia/Kathmandu' },
    5: { type: 'every', ms: 11 * hour, from: begin },
    6: { type: 'at', at: begin + 500 * day },
    7: { type: 'cron', pattern: '0 12 29 2 *', zone: 'Pacific/Apia' },
  };
  const policies: readonly MissedPolicy[] = [{ type: 'skip' }, once, { type: 'all' }, { type: 'within', ms: 2 * hour }];
  const event = fc.oneof(
    { weight: 5, arbitrary: fc.record({ type: fc.constant('awake' as const), ms: fc.integer({ min: minute, max: 6 * hour }) }) },
    { weight: 5, arbitrary: fc.record({ type: fc.constant('sleep' as const), ms: fc.integer({ min: minute, max: 30 * day }) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const), ms: fc.integer({ min: 0, max: 3 * day }) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('set' as const), ms: fc.integer({ min: -3 * hour, max: 3 * hour }) }) },
  );

  it('through years of sleep, restarts and set clocks, every due time ends in one record and nothing runs twice', () => {
    fc.assert(
      fc.property(fc.constantFrom(...policies), fc.array(event, { minLength: 20, maxLength: 60 }), (policy, events) => {
        const computer = createComputer();
        const world = createWorld(computer, Object.fromEntries(Object.entries(schedules).map(([task, schedule]) => [task, [schedule, policy]])));
        let scheduler = createScheduler(world.parts);
        let highest = begin;
        for (const { type, ms } of events) {
          if (type === 'awake') computer.pass(ms);
          else if (type === 'set') computer.set(Math.max(begin, computer.now() + ms));
          else computer.sleep(ms);
          highest = Math.max(highest, computer.now());
          if (type === 'restart') {
            scheduler.stop();
            scheduler = createScheduler(world.parts);
          }
        }
        computer.set(highest);
        computer.pass(10 * minute);
        for (const row of world.rows.values()) {
          const covered = coveredBy(row).sort((a, b) => a - b);
          expect(covered).toEqual(dueBetween(row.schedule, begin, computer.now(), 100_000));
        }
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});

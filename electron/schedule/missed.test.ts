import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MissedPolicy, Schedule } from '../contract/schedule.ts';
import { mostRuns, rewind, type Settled, settle } from './missed.ts';
import { dueBetween, nextDue } from './recurrence.ts';

const hour = 3_600_000;
const day = 24 * hour;
const monday = Date.UTC(2026, 10, 23, 9);
const nine: Schedule = { type: 'cron', pattern: '0 9 * * *', zone: 'UTC' };
const policies: readonly MissedPolicy[] = [{ type: 'skip' }, { type: 'once' }, { type: 'all' }, { type: 'within', ms: 2 * hour }];
const schedules: readonly Schedule[] = [
  nine,
  { type: 'cron', pattern: '*/15 1-3 * * *', zone: 'Europe/Berlin' },
  { type: 'cron', pattern: '30 * * * *', zone: 'America/New_York' },
  { type: 'every', ms: 7 * hour, from: monday },
  { type: 'at', at: monday + 5 * hour },
];

/** The due times that a record speaks for. */
function covered(schedule: Schedule, record: Settled): number[] {
  return record.type === 'ran' ? [record.due] : dueBetween(schedule, record.due - 1, record.until, 100_000);
}

describe('missed times', () => {
  it('a task missed while asleep runs once on waking, and says what was merged into that', () => {
    expect(settle(nine, { type: 'once' }, monday, monday + 2 * day + hour)).toEqual({
      records: [
        { type: 'merged', due: monday, until: monday + day, count: 2, into: monday + 2 * day },
        { type: 'ran', due: monday + 2 * day, late: hour },
      ],
      next: monday + 3 * day,
    });
  });

  it('skip leaves out all that was missed, but not what is due now', () => {
    expect(settle(nine, { type: 'skip' }, monday, monday + day + hour)).toEqual({
      records: [{ type: 'skipped', due: monday, until: monday + day, count: 2, why: 'missed' }],
      next: monday + 2 * day,
    });
    expect(settle(nine, { type: 'skip' }, monday, monday + day + 30_000).records).toEqual([
      { type: 'skipped', due: monday, until: monday, count: 1, why: 'missed' },
      { type: 'ran', due: monday + day, late: 30_000 },
    ]);
  });

  it('all runs every one', () => {
    expect(settle(nine, { type: 'all' }, monday, monday + 2 * day).records).toEqual(
      [0, 1, 2].map((days) => ({ type: 'ran', due: monday + days * day, late: (2 - days) * day })),
    );
  });

  it('all runs the latest hundred and merges those before', () => {
    const { records } = settle(nine, { type: 'all' }, monday, monday + 149 * day);
    expect(records[0]).toEqual({ type: 'merged', due: monday, until: monday + 49 * day, count: 50, into: monday + 50 * day });
    expect(records.slice(1).map(({ type, due }) => [type, due])).toEqual(Array.from({ length: mostRuns }, (_, index) => ['ran', monday + (50 + index) * day]));
  });

  it('within runs what is late by no more than that, and skips what is later', () => {
    const hourly: Schedule = { type: 'every', ms: hour, from: monday - hour };
    expect(settle(hourly, { type: 'within', ms: 2 * hour }, monday, monday + 5.5 * hour).records).toEqual([
      { type: 'skipped', due: monday, until: monday + 3 * hour, count: 4, why: 'too-late' },
      { type: 'merged', due: monday + 4 * hour, until: monday + 4 * hour, count: 1, into: monday + 5 * hour },
      { type: 'ran', due: monday + 5 * hour, late: 0.5 * hour },
    ]);
    expect(settle(nine, { type: 'within', ms: 2 * hour }, monday, monday + day - hour).records).toEqual([
      { type: 'skipped', due: monday, until: monday, count: 1, why: 'too-late' },
    ]);
  });

  it('what is not due yet has no record', () => {
    for (const policy of policies) expect(settle(nine, policy, monday, monday - 1)).toEqual({ records: [], next: monday });
  });

  it('a round of a task that goes on until it is done is one time, and the next is set when it has ended', () => {
    expect(settle({ type: 'until-done', pauseMs: hour }, { type: 'once' }, monday, monday + 9 * hour)).toEqual({
      records: [{ type: 'ran', due: monday, late: 9 * hour }],
      next: null,
    });
  });

  it('a due time from before the schedule was edited ends in a record too', () => {
    const records = settle(nine, { type: 'all' }, monday + 5, monday + day).records;
    expect(records).toEqual([
      { type: 'merged', due: monday + 5, until: monday + 5, count: 1, into: monday + day },
      { type: 'ran', due: monday + day, late: 0 },
    ]);
  });

  it('whatever the schedule, the policy and the length of the absence, each due time ends in exactly one record', () => {
    const absence = fc.record({
      schedule: fc.constantFrom(...schedules),
      policy: fc.constantFrom(...policies),
      from: fc.integer({ min: monday - 400 * day, max: monday + 400 * day }),
      length: fc.oneof(fc.integer({ min: 0, max: 3 * hour }), fc.integer({ min: 0, max: 20 * day })),
    });
    fc.assert(
      fc.property(absence, ({ schedule, policy, from, length }) => {
        const due = nextDue(schedule, from);
        fc.pre(due !== null);
        const now = from + length;
        const { records, next } = settle(schedule, policy, due, now);
        expect(records.flatMap((record) => covered(schedule, record))).toEqual(dueBetween(schedule, from, now, 100_000));
        expect(next).toBe(nextDue(schedule, now));
        for (const record of records) if (record.type !== 'ran' && record.count !== null) expect(covered(schedule, record)).toHaveLength(record.count);
      }),
      { numRuns: 150 },
    );
  });
});

describe('clocks that are wrong', () => {
  it.each(policies)('a clock that shows 9999 costs no more than any other: $type', (policy) => {
    for (const schedule of [nine, { type: 'every', ms: 60_000, from: monday } as const]) {
      const { records } = settle(schedule, policy, nextDue(schedule, monday - 1) ?? 0, Date.UTC(9999, 5, 1, 12, 30, 30));
      expect(records.length).toBeLessThanOrEqual(mostRuns + 2);
    }
  });

  it('a clock set back takes back what was merged for times that lie ahead again, but nothing that ran', () => {
    const wrong = settle(nine, { type: 'once' }, monday, monday + 10 * day);
    expect(rewind(nine, wrong.records, monday + 2 * day + hour)).toEqual({
      records: [
        { type: 'merged', due: monday, until: monday + 2 * day, count: 3, into: monday + 10 * day },
        { type: 'ran', due: monday + 10 * day, late: 0 },
      ],
      next: monday + 3 * day,
    });
  });

  it('a clock set back passes over the times that ran', () => {
    const ran = settle(nine, { type: 'all' }, monday, monday + 3 * day).records;
    expect(rewind(nine, ran, monday - hour)).toEqual({ records: ran, next: monday + 4 * day });
  });

  it('after a clock went forward and back, every due time still has one record', () => {
    fc.assert(
      fc.property(fc.constantFrom(...policies), fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 0, max: 40 }), (policy, forwardDays, days) => {
        const wrong = settle(nine, policy, monday, monday + forwardDays * day);
        const back = rewind(nine, wrong.records, monday - 1);
        const records = [...back.records];
        for (let now = monday; now <= monday + days * day; now += day) {
          const ran = new Set(records.map((record) => record.due));
          if (!ran.has(now)) records.push(...settle(nine, policy, now, now).records);
        }
        const due = records.flatMap((record) => covered(nine, record)).sort((a, b) => a - b);
        expect(new Set(due).size).toBe(due.length);
        expect(due.filter((time) => time <= monday + days * day)).toEqual(dueBetween(nine, monday - 1, monday + days * day, 1000));
      }),
      { numRuns: 50 },
    );
  });
});

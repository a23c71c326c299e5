import { describe, expect, it } from 'vitest';
import { Schedule } from '../contract/schedule.ts';
import { checkSchedule, countDue, dueBetween, lastDue, nextDue } from './recurrence.ts';

const now = Date.UTC(2026, 10, 21, 8);
const hour = 3_600_000;
const nine: Schedule = { type: 'cron', pattern: '0 9 * * *', zone: 'UTC' };
const hourly: Schedule = { type: 'every', ms: hour, from: now };

describe('due times', () => {
  it('a time comes once', () => {
    const at: Schedule = { type: 'at', at: now + 5 };
    expect([nextDue(at, now), nextDue(at, now + 5), lastDue(at, now, now + 4), lastDue(at, now, now + 5)]).toEqual([now + 5, null, null, now + 5]);
  });

  it('an interval keeps its beat however late it is asked, and does not begin before its first rest is over', () => {
    expect([nextDue(hourly, 0), nextDue(hourly, now), nextDue(hourly, now + hour), nextDue(hourly, now + 2.5 * hour)]).toEqual([
      now + hour,
      now + hour,
      now + 2 * hour,
      now + 3 * hour,
    ]);
    expect([lastDue(hourly, 0, now), lastDue(hourly, now, now + 2.5 * hour), lastDue(hourly, now + 2 * hour, now + 2.5 * hour)]).toEqual([
      null,
      now + 2 * hour,
      null,
    ]);
  });

  it('what starts now, or waits for another task or a file, is never due by the clock', () => {
    for (const schedule of [{ type: 'now' }, { type: 'after', task: 3 }, { type: 'after-change', path: '/in' }] as const)
      expect([nextDue(schedule, now), lastDue(schedule, 0, now)]).toEqual([null, null]);
  });

  it('a round of a task that goes on until it is done is due after its pause', () => {
    expect(nextDue({ type: 'until-done', pauseMs: 900_000 }, now)).toBe(now + 900_000);
    expect(dueBetween({ type: 'until-done', pauseMs: 900_000 }, 0, now, 10)).toEqual([]);
  });

  it('a range holds its end but not its beginning, and no more than asked for', () => {
    const first = now + hour;
    expect(dueBetween(nine, first - 1, first + 72 * hour, 99)).toHaveLength(4);
    expect(dueBetween(nine, first, first + 72 * hour, 99)).toHaveLength(3);
    expect(dueBetween(nine, first - 1, first + 72 * hour, 2)).toEqual([first, first + 24 * hour]);
  });

  it('counting thousands of years of intervals is exact, of a pattern it is left off', () => {
    expect(countDue({ type: 'every', ms: 60_000, from: 0 }, 0, Date.UTC(9999, 0, 1))).toBe(Date.UTC(9999, 0, 1) / 60_000);
    expect(countDue(nine, now, now + 100 * 24 * hour)).toBe(100);
    expect(countDue(nine, 0, Date.UTC(9999, 0, 1))).toBeNull();
  });

  it('nothing is due after the year 9999', () => {
    const end = Date.UTC(9999, 11, 31, 23, 59, 30);
    expect([nextDue(hourly, end), nextDue(nine, end), nextDue({ type: 'until-done', pauseMs: hour }, end)]).toEqual([null, null, null]);
    expect(new Date(lastDue(nine, 0, Date.UTC(9999, 5, 1)) ?? 0).toISOString()).toBe('9999-05-31T09:00:00.000Z');
  });
});

describe('schedules that can not be kept', () => {
  it.each<[Schedule, string]>([
    [{ type: 'at', at: now }, 'The time 2026-11-21T08:00:00.000Z has passed already. Choose one that is still to come.'],
    [{ type: 'every', ms: 1000, from: now }, 'The interval is 1 seconds. A task can run at most once a minute.'],
    [{ type: 'every', ms: 4000 * 24 * hour, from: now }, 'The interval is longer than 3660 days.'],
    [{ type: 'until-done', pauseMs: 30_000 }, 'The pause is 30 seconds. A task can run at most once a minute.'],
    [{ type: 'after-change', path: 'inbox' }, 'The path "inbox" does not say where it begins. Write the whole path.'],
    [{ type: 'cron', pattern: '0 0 31 2 *', zone: 'UTC' }, 'The pattern "0 0 31 2 *" never comes: no date fits it.'],
  ])('%o is refused with a reason', (schedule, reason) => {
    expect(checkSchedule(schedule, now)).toMatchObject({ ok: false, fault: { message: reason } });
  });

  it.each([0, Date.UTC(1970, 5, 1), Date.UTC(9999, 5, 1)])('by a clock that shows %d nothing is scheduled, but what waits for no time is', (wrong) => {
    const shown = new Date(wrong).toISOString().slice(0, 10);
    const reason = `This computer's clock shows ${shown}, which can not be right. Set it, then schedule the task.`;
    for (const schedule of [{ type: 'at', at: now }, hourly, nine] as const)
      expect(checkSchedule(schedule, wrong)).toMatchObject({ ok: false, fault: { message: reason } });
    for (const schedule of [{ type: 'now' }, { type: 'after', task: 1 }, { type: 'after-change', path: '/in' }] as const)
      expect(checkSchedule(schedule, wrong).ok).toBe(true);
  });

  it('what can be kept is given back', () => {
    for (const schedule of [nine, hourly, { type: 'now' } as const, { type: 'after', task: 1 } as const])
      expect(checkSchedule(schedule, now)).toEqual({ ok: true, value: schedule });
  });

  it('numbers that are no times do not pass the door', () => {
    for (const at of [Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY, 8.64e15]) expect(Schedule.safeParse({ type: 'at', at }).success).toBe(false);
    expect(Schedule.safeParse({ type: 'every', ms: 0, from: now }).success).toBe(false);
    expect(Schedule.safeParse({ type: 'cron', pattern: '*'.repeat(201), zone: 'UTC' }).success).toBe(false);
  });
});

import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseMissed, parseSchedule } from './parse.ts';

/** A Saturday, 09:00 in Berlin. */
const now = Date.UTC(2026, 10, 21, 8);
const here = { now, zone: 'Europe/Berlin', folder: '/home/me' };
const read = (text: string): string => {
  const parsed = parseSchedule({ at: text }, here);
  if (!parsed.ok) return parsed.fault.message;
  return parsed.value.type === 'at' ? new Date(parsed.value.at).toISOString().replace(':00.000Z', 'Z') : parsed.value.type;
};

describe('moments', () => {
  it.each([
    ['2026-11-22 09:00', '2026-11-22T08:00Z'],
    ['2026-11-22T09:00', '2026-11-22T08:00Z'],
    ['2026-11-22T09:00Z', '2026-11-22T09:00Z'],
    ['2026-11-22 09:00 +05:30', '2026-11-22T03:30Z'],
    ['2026-11-22T09:00-0800', '2026-11-22T17:00Z'],
    ['in 20 minutes', '2026-11-21T08:20Z'],
    ['in 1h30m', '2026-11-21T09:30Z'],
    ['20分钟后', '2026-11-21T08:20Z'],
    ['tomorrow 9:00', '2026-11-22T08:00Z'],
    ['Tomorrow at 5:30 pm', '2026-11-22T16:30Z'],
    ['today 17:00', '2026-11-21T16:00Z'],
    ['明天 9:00', '2026-11-22T08:00Z'],
    ['后天9:00', '2026-11-23T08:00Z'],
    ['10:00', '2026-11-21T09:00Z'],
    ['8:00', '2026-11-22T07:00Z'],
    ['12am', '2026-11-21T23:00Z'],
    ['monday 9:00', '2026-11-23T08:00Z'],
    ['sat 8:00', '2026-11-28T07:00Z'],
    ['saturday 10:00', '2026-11-21T09:00Z'],
    ['9', '2026-11-21T20:00Z'],
    ['tomorrow', '2026-11-22T08:00Z'],
    ['2026-11-22', '2026-11-22T08:00Z'],
    ['on the 31st at noon', '2026-12-31T11:00Z'],
    ['February 29', '2028-02-29T08:00Z'],
    // The clock skips this one.
    ['2027-03-28 02:30', '2027-03-28T01:00Z'],
    // The clock shows this one twice.
    ['2027-10-31 02:30', '2027-10-31T00:30Z'],
  ])('%s in Berlin', (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it.each([
    '',
    'soon',
    '2026-02-30 09:00',
    '2026-13-01 09:00',
    'February 30',
    '2月30日',
    '25:00',
    '9:60',
    '13pm',
    'smurfday 9:00',
    'in',
    'in 5',
    '2026-02-30T09:00Z',
  ])('"%s" is refused', (text) => {
    expect(read(text)).toBe(`"${text}" is no time that could be read. Write it like 2026-11-22 09:00, tomorrow 9:00 or in 20 minutes.`);
  });
});

describe('schedules from the command line', () => {
  it.each([
    [{}, { type: 'now' }],
    [{ at: 'tomorrow 9:00' }, { type: 'at', at: Date.UTC(2026, 10, 22, 8) }],
    [
      { at: '2026-11-22 09:00', zone: 'Asia/Tokyo' },
      { type: 'at', at: Date.UTC(2026, 10, 22) },
    ],
    [{ every: '2h' }, { type: 'every', ms: 7_200_000, from: now }],
    [
      { cron: '0 9 * * 1-5', zone: 'Asia/Tokyo' },
      { type: 'cron', pattern: '0 9 * * 1-5', zone: 'Asia/Tokyo' },
    ],
    [{ cron: '0 9 * * 1-5' }, { type: 'cron', pattern: '0 9 * * 1-5', zone: 'Europe/Berlin' }],
    [{ after: 't5' }, { type: 'after', task: 5 }],
    [{ after: '12' }, { type: 'after', task: 12 }],
    [{ after: './inbox' }, { type: 'after-change', path: '/home/me/inbox' }],
    [{ after: 'notes.txt' }, { type: 'after-change', path: '/home/me/notes.txt' }],
    [{ after: './t5' }, { type: 'after-change', path: '/home/me/t5' }],
    [{ after: '/srv/in/../out/' }, { type: 'after-change', path: '/srv/out' }],
    [{ after: '~/inbox' }, { type: 'after-change', path: join(homedir(), 'inbox') }],
    [{ untilDone: true }, { type: 'until-done', pauseMs: 900_000 }],
    [{ untilDone: '1h' }, { type: 'until-done', pauseMs: 3_600_000 }],
    [{ untilDone: false }, { type: 'now' }],
  ])('%o', (input, value) => {
    expect(parseSchedule(input, here)).toEqual({ ok: true, value });
  });

  it.each([
    [{ at: 'tomorrow 9:00', every: '2h' }, 'Choose one of --at and --every: a task has one schedule.'],
    [{ every: '2h', zone: 'Asia/Tokyo' }, 'A time zone is only of use with --cron or --at.'],
    [{ every: '10s' }, 'The interval is 10 seconds. A task can run at most once a minute.'],
    [{ every: 'often' }, '"often" is no length of time. Write it like 30m, 2h or 3d.'],
    [{ untilDone: 'never' }, '"never" is no length of time. Write it like 30m, 2h or 3d.'],
    [{ after: 'r5' }, '"r5" names neither a task nor a path. Write a task such as t5, or a path such as ./inbox.'],
    [{ after: 'inbox' }, '"inbox" names neither a task nor a path. Write a task such as t5, or a path such as ./inbox.'],
    [{ after: 't0' }, '"t0" names neither a task nor a path. Write a task such as t5, or a path such as ./inbox.'],
    [{ at: 'today 8:00' }, '"today 8:00" has passed already: it was 2026-11-21 08:00 (Europe/Berlin). Choose a time that is still to come.'],
    [{ at: '9:00', zone: 'Mars/Base' }, 'There is no time zone "Mars/Base". Write it like Europe/Berlin or Asia/Shanghai.'],
    [{ cron: '0 9 * *' }, 'The pattern "0 9 * *" is too short: five parts are expected (minute, hour, day, month, weekday).'],
  ])('%o is refused', (input, reason) => {
    expect(parseSchedule(input, here)).toMatchObject({ ok: false, fault: { message: reason } });
  });
});

it('a path that begins nowhere is refused where there is no folder to begin in', () => {
  expect(parseSchedule({ after: './inbox' }, { ...here, folder: null })).toMatchObject({
    ok: false,
    fault: { message: 'The path "inbox" does not say where it begins. Write the whole path.' },
  });
});

describe('what to do about missed times', () => {
  it('skip, once, all and a limit are understood', () => {
    expect(['skip', 'once', 'all', 'within:2h'].map(parseMissed)).toEqual([
      { ok: true, value: { type: 'skip' } },
      { ok: true, value: { type: 'once' } },
      { ok: true, value: { type: 'all' } },
      { ok: true, value: { type: 'within', ms: 7_200_000 } },
    ]);
  });

  it.each([
    ['', '"" is no way to treat missed times. Write skip, once, all, or a limit such as within:2h.'],
    ['sometimes', '"sometimes" is no way to treat missed times. Write skip, once, all, or a limit such as within:2h.'],
    ['once:2h', '"once:2h" is no way to treat missed times. Write skip, once, all, or a limit such as within:2h.'],
    ['within', '"" is no length of time. Write it like 30m, 2h or 3d.'],
    ['within:x', '"x" is no length of time. Write it like 30m, 2h or 3d.'],
    ['within:2h:3', '"2h:3" is no length of time. Write it like 30m, 2h or 3d.'],
  ])('"%s" is refused', (text, message) => {
    expect(parseMissed(text)).toMatchObject({ ok: false, fault: { message } });
  });
});

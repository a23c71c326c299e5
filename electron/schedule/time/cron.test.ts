import { describe, expect, it } from 'vitest';
import { createCronTimes, cronTrouble } from './cron.ts';
import { type Zone, zoneOf } from './zone.ts';

const minute = 60_000;
const hour = 3_600_000;
const day = 86_400_000;
const iso = (instant: number) => new Date(instant).toISOString();

/** Zones whose clocks are set within the years tried; half-hour and two-hour changes, and both hemispheres among them. */
const changing = `Europe/Berlin Europe/London Europe/Dublin Europe/Lisbon Europe/Athens Europe/Kyiv Europe/Chisinau
  Atlantic/Azores Africa/Casablanca Africa/Cairo Asia/Jerusalem Asia/Beirut Asia/Gaza America/New_York America/Chicago
  America/Denver America/Los_Angeles America/Anchorage America/Adak America/St_Johns America/Halifax America/Nuuk America/Havana America/Asuncion
  America/Santiago America/Tijuana Pacific/Easter Pacific/Auckland Pacific/Chatham Pacific/Norfolk
  Australia/Sydney Australia/Adelaide Australia/Lord_Howe Antarctica/Troll Asia/Almaty America/Miquelon America/Thule Europe/Vilnius`.split(/\s+/);
/** Zones that stay as they are, the ones between whole hours among them. */
const steady = 'UTC Asia/Shanghai Asia/Tokyo Asia/Kolkata Asia/Kathmandu Australia/Eucla Pacific/Marquesas Pacific/Kiritimati America/Caracas'.split(' ');

function zone(name: string): Zone {
  const found = zoneOf(name);
  if (found === null) throw new Error(name);
  return found;
}

/** Every instant at which the zone's offset changes, found by looking. */
function changesOf({ wall }: Zone, from: number, to: number): number[] {
  const offset = (instant: number) => wall(instant) - instant;
  const found: number[] = [];
  for (let time = from; time < to; time += day) {
    if (offset(time) === offset(time + day)) continue;
    let [before, after] = [time, time + day];
    while (after - before > minute) {
      const middle = before + Math.floor((after - before) / 2 / minute) * minute;
      if (offset(middle) === offset(time)) before = middle;
      else after = middle;
    }
    found.push(after);
  }
  return found;
}

/** What the wall shows at each minute, beginning with the one before `from`. */
function wallsOf({ wall }: Zone, from: number, to: number): number[] {
  return Array.from({ length: (to - from) / minute + 1 }, (_, index) => wall(from + (index - 1) * minute));
}

/** Walks minute by minute: a wall time comes when the wall first shows it or, where it is skipped, something later. */
function walk(walls: readonly number[], from: number, isNamed: (shown: number) => boolean, everyHour: boolean): number[] {
  const found: number[] = [];
  let highest = walls[0] ?? 0;
  for (const [index, shown] of walls.slice(1).entries()) {
    let isDue = everyHour && isNamed(shown);
    if (!everyHour) for (let passed = highest + minute; passed <= shown; passed += minute) isDue ||= isNamed(passed);
    highest = Math.max(highest, shown);
    if (isDue) found.push(from + index * minute);
  }
  return found;
}

function timesBetween(pattern: string, where: Zone, from: number, to: number): number[] {
  const times = createCronTimes(pattern, where);
  const found: number[] = [];
  for (let due = times.next(from - 1); due !== null && due < to; due = times.next(due)) found.push(due);
  return found;
}

function timesBackwards(pattern: string, where: Zone, from: number, to: number): number[] {
  const times = createCronTimes(pattern, where);
  const found: number[] = [];
  for (let due = times.previous(to); due !== null && due >= from; due = times.previous(due)) found.unshift(due);
  return found;
}

const minuteOf = (shown: number) => (shown / minute) % 60;
const hourOf = (shown: number) => Math.floor((((shown % day) + day) % day) / hour);

describe('clocks that are set', () => {
  it('at every change of more than thirty zones in three years, each named time comes once, and an hourly one at every hour', () => {
    let [changes, zones] = [0, 0];
    for (const name of changing) {
      const where = zone(name);
      const found = changesOf(where, Date.UTC(2026, 0, 1), Date.UTC(2029, 0, 1));
      if (found.length > 0) zones++;
      for (const change of found) {
        changes++;
        const [from, to] = [change - 3 * hour, change + 5 * hour];
        const walls = wallsOf(where, from, to);
        const around = hourOf(where.wall(change - 1));
        const skipped = hourOf(where.wall(change - 1) + minute);
        const cases = [around, skipped].flatMap((named) => [
          { pattern: `30 ${named} * * *`, isNamed: (shown: number) => minuteOf(shown) === 30 && hourOf(shown) === named, everyHour: false },
          { pattern: `*/20 ${named} * * *`, isNamed: (shown: number) => minuteOf(shown) % 20 === 0 && hourOf(shown) === named, everyHour: false },
        ]);
        cases.push({ pattern: '15 * * * *', isNamed: (shown) => minuteOf(shown) === 15, everyHour: true });
        cases.push({ pattern: '45 */2 * * *', isNamed: (shown) => minuteOf(shown) === 45 && hourOf(shown) % 2 === 0, everyHour: false });
        for (const { pattern, isNamed, everyHour } of cases) {
          const expected = walk(walls, from, isNamed, everyHour).map(iso);
          const context = `${pattern} in ${name} around ${iso(change)}`;
          expect(timesBetween(pattern, where, from, to).map(iso), context).toEqual(expected);
          expect(timesBackwards(pattern, where, from, to).map(iso), `${context}, backwards`).toEqual(expected);
        }
      }
    }
    // How many there are is for each year's zone tables to say; fewer would mean that this test has stopped looking.
    expect({ zones: zones >= 33, changes: changes >= 190 }).toEqual({ zones: true, changes: true });
  }, 120_000);

  it('a day that a zone left out altogether gives its times at the first moment of the day after', () => {
    // Samoa went from 29 to 31 December 2011.
    expect(timesBetween('0 9 * * *', zone('Pacific/Apia'), Date.UTC(2011, 11, 28), Date.UTC(2012, 0, 1)).map(iso)).toEqual([
      '2011-12-28T19:00:00.000Z',
      '2011-12-29T19:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
      '2011-12-30T19:00:00.000Z',
      '2011-12-31T19:00:00.000Z',
    ]);
  });

  it('the time that the clock skips is the first valid one after it', () => {
    const spring = timesBetween('30 2 * * *', zone('America/New_York'), Date.UTC(2026, 2, 8), Date.UTC(2026, 2, 9));
    expect(spring.map(iso)).toEqual(['2026-03-08T07:00:00.000Z']);
    expect(timesBetween('15 2 * * *', zone('Australia/Lord_Howe'), Date.UTC(2026, 9, 3), Date.UTC(2026, 9, 4)).map(iso)).toEqual(['2026-10-03T15:30:00.000Z']);
  });
});

describe('calendars', () => {
  it('every day of years gives its nine o’clock, in zones between whole hours too', () => {
    for (const name of steady) {
      const where = zone(name);
      const times = timesBetween('0 9 * * *', where, Date.UTC(2027, 11, 1), Date.UTC(2029, 2, 5));
      const shown = times.map((time) => where.wall(time));
      expect(
        shown.every((wall, index) => wall % day === 9 * hour && wall - (shown[index - 1] ?? wall - day) === day),
        name,
      ).toBe(true);
    }
  });

  it('29 February comes in leap years only, and 2100 is none', () => {
    expect(timesBetween('0 12 29 2 *', zone('UTC'), Date.UTC(2091, 0, 1), Date.UTC(2109, 0, 1)).map(iso)).toEqual([
      '2092-02-29T12:00:00.000Z',
      '2096-02-29T12:00:00.000Z',
      '2104-02-29T12:00:00.000Z',
      '2108-02-29T12:00:00.000Z',
    ]);
  });

  it('the 31st comes in the months that have one, the last day in all', () => {
    const [from, to] = [Date.UTC(2027, 0, 1), Date.UTC(2028, 0, 1)];
    expect(timesBetween('0 0 31 * *', zone('UTC'), from, to).map((time) => new Date(time).getUTCMonth() + 1)).toEqual([1, 3, 5, 7, 8, 10, 12]);
    expect(timesBetween('0 0 L * *', zone('UTC'), from, to).map((time) => new Date(time).getUTCDate())).toEqual([
      31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
    ]);
  });

  it('midnight of the new year comes in the zone’s own night', () => {
    expect(createCronTimes('0 0 1 1 *', zone('Pacific/Kiritimati')).next(Date.UTC(2026, 5, 1))).toBe(Date.UTC(2026, 11, 31, 10));
    expect(createCronTimes('59 23 31 12 *', zone('Asia/Kathmandu')).next(Date.UTC(2026, 5, 1))).toBe(Date.UTC(2026, 11, 31, 18, 14));
  });
});

describe('patterns that can not be used', () => {
  const now = Date.UTC(2026, 10, 21);
  it.each([
    ['0 0 31 2 *', 'UTC', 'The pattern "0 0 31 2 *" never comes: no date fits it.'],
    ['0 0 30 2 *', 'UTC', 'The pattern "0 0 30 2 *" never comes: no date fits it.'],
    ['* * * * * *', 'UTC', 'The pattern "* * * * * *" has 6 parts; five are expected, without seconds: a task can run at most once a minute.'],
    ['0 9', 'UTC', 'The pattern "0 9" is too short: five parts are expected (minute, hour, day, month, weekday).'],
    ['', 'UTC', 'The pattern "" is too short: five parts are expected (minute, hour, day, month, weekday).'],
    ['61 * * * *', 'UTC', 'The pattern "61 * * * *" can not be read: Invalid value for minute: 61.'],
    ['? 9 * * *', 'UTC', 'The pattern "? 9 * * *" contains "?", which has no fixed meaning. Use "*" instead.'],
    ['0 9 * * *', 'Mars/Base', 'There is no time zone "Mars/Base". Write it like Europe/Berlin or Asia/Shanghai.'],
    ['0 9 * * *', '+05:30', 'There is no time zone "+05:30". Write it like Europe/Berlin or Asia/Shanghai.'],
    ['0 9 * * *', '', 'There is no time zone "". Write it like Europe/Berlin or Asia/Shanghai.'],
  ])('%s in %s is refused with a reason', (pattern, where, reason) => {
    expect(cronTrouble(pattern, where, now)?.message).toBe(reason);
  });

  it('@reboot is refused, @daily is not', () => {
    expect(cronTrouble('@reboot', 'UTC', now)?.message).toMatch(/^The pattern "@reboot" can not be read: /);
    expect(cronTrouble('@daily', 'Asia/Shanghai', now)).toBeNull();
  });
});

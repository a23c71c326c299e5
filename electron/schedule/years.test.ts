import { describe, expect, it } from 'vitest';
import { begin, coveredBy, createComputer, createWorld } from '../../e2e/scaffold/computer.ts';
import type { MissedPolicy, Schedule } from '../contract/schedule.ts';
import { dueBetween } from './recurrence.ts';
import { createScheduler } from './scheduler.ts';
import { findLocalZone, localZone, zoneOf } from './time/zone.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** More than thirty zones that set their clocks, by half an hour and by two hours too, and some that never do. */
const zones = `Europe/Berlin Europe/London Europe/Dublin Europe/Lisbon Europe/Athens Europe/Kyiv Europe/Chisinau Atlantic/Azores Africa/Casablanca
  Africa/Cairo Asia/Jerusalem Asia/Beirut America/New_York America/Chicago America/Denver America/Los_Angeles America/Anchorage America/Adak
  America/St_Johns America/Halifax America/Nuuk America/Havana America/Asuncion America/Santiago Pacific/Easter Pacific/Auckland Pacific/Chatham
  Pacific/Norfolk Australia/Sydney Australia/Adelaide Australia/Lord_Howe Antarctica/Troll America/Miquelon Asia/Kathmandu Asia/Shanghai
  Pacific/Kiritimati`.split(/\s+/);
const policies: readonly MissedPolicy[] = [{ type: 'once' }, { type: 'skip' }, { type: 'all' }, { type: 'within', ms: 2 * hour }];

/** In each zone a time of day that its clock may skip or show twice, and beside them what calendars make hard. */
const schedules: readonly Schedule[] = [
  ...zones.map((zone, index): Schedule => ({ type: 'cron', pattern: `${(index * 15) % 60} ${index % 4} * * *`, zone })),
  { type: 'cron', pattern: '15 2 * * *', zone: 'Australia/Lord_Howe' },
  { type: 'cron', pattern: '30 0 29 2 *', zone: 'Pacific/Chatham' },
  { type: 'cron', pattern: '0 0 31 * *', zone: 'America/St_Johns' },
  { type: 'cron', pattern: '59 23 L * *', zone: 'Asia/Kathmandu' },
  { type: 'cron', pattern: '0 0 1 1 *', zone: 'Pacific/Kiritimati' },
  { type: 'cron', pattern: '0 */6 * * *', zone: 'Africa/Casablanca' },
  { type: 'every', ms: 7 * hour, from: begin },
  { type: 'at', at: begin + 1.5 * year },
];

/** Always the same numbers from 0 up to 1 (mulberry32). */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Each of them sets the clocks twice; more of them are a matter of patience, and were tried. */
const years = 2;

describe('years on a laptop', () => {
  it.each([1])(
    'that sleeps for 1 to 72 hours, travels, restarts, and whose clock is set to other years, 1970 and 9999: each due time ends in one record (%d)',
    (seed) => {
      const dice = createDice(seed);
      const computer = createComputer();
      const world = createWorld(
        computer,
        Object.fromEntries(schedules.map((schedule, index) => [index + 1, [schedule, policies[index % 4] ?? { type: 'once' }]])),
      );
      let scheduler = createScheduler(world.parts);
      const wrong = { '1970': 0, '9999': Date.UTC(9999, 5, 1), ahead: year, behind: -year };
      const seen = new Set<string>();
      for (let round = 1; computer.now() < begin + years * year; round++) {
        computer.pass((5 + dice() * 40) * minute);
        computer.sleep((1 + dice() * 71) * hour, dice() < 0.5);
        if (dice() < 0.5) scheduler.wake();
        if (round % 9 === 0) computer.travel(zones[round % zones.length] ?? 'UTC');
        if (round % 40 === 0) {
          scheduler.stop();
          scheduler = createScheduler(world.parts);
        }
        if (round % 60 !== 0) continue;
        const which = (['1970', '9999', 'ahead', 'behind'] as const)[(round / 60) % 4] ?? 'ahead';
        seen.add(which);
        const right = computer.now();
        computer.set(Math.abs(wrong[which]) === year ? right + wrong[which] : wrong[which]);
        computer.pass(10 * minute);
        computer.set(right + 10 * minute);
      }
      computer.pass(10 * minute);
      expect([...seen].sort()).toEqual(['1970', '9999', 'ahead', 'behind']);
      const until = computer.now();
      for (const row of world.rows.values()) {
        const covered = coveredBy(row).sort((a, b) => a - b);
        const context = JSON.stringify(row.schedule);
        expect(new Set(covered).size, context).toBe(covered.length);
        expect(
          covered.filter((time) => time <= until).map((time) => new Date(time).toISOString()),
          context,
        ).toEqual(dueBetween(row.schedule, begin, until, 100_000).map((time) => new Date(time).toISOString()));
      }
      expect(world.troubles.filter(({ type }) => type === 'failed')).toEqual([]);
    },
    120_000,
  );

  it('the clocks of all those zones were set twice a year', () => {
    const offset = (zone: string, time: number) => (zoneOf(zone)?.wall(time) ?? 0) - time;
    const changes = zones.map((zone) => {
      let found = 0;
      for (let time = begin; time < begin + years * year; time += day) if (offset(zone, time) !== offset(zone, time + day)) found++;
      return found;
    });
    expect(changes.filter((found) => found >= 2 * years).length).toBeGreaterThanOrEqual(30);
  });
});

describe('the zone of this computer', () => {
  it('is asked of the system anew, and where TZ is set that stands', () => {
    const before = process.env['TZ'];
    process.env['TZ'] = 'Australia/Lord_Howe';
    expect([findLocalZone(), localZone()]).toEqual(['Australia/Lord_Howe', 'Australia/Lord_Howe']);
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
    expect(findLocalZone()).toBe(localZone());
  });
});

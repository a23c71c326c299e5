import { describe, expect, it } from 'vitest';
import type { Rest } from '../contract/run.ts';
import { SettingsPatch } from '../contract/setting.ts';
import type { PowerEvent } from '../desktop/power/power.ts';
import { isQuiet, watchRest } from './rest.ts';

const hour = 3_600_000;

/** A computer whose plug, heat and settings the test moves. */
function computer(settings = { restOnBattery: true, quietHours: null as { from: string; to: string } | null }) {
  const state = { battery: false, hot: false, tell: (_: PowerEvent): unknown => null, settings };
  const changes: (Rest | null)[] = [];
  const rest = watchRest({
    settings: () => state.settings,
    power: {
      onBattery: () => state.battery,
      isHot: () => state.hot,
      subscribe: (listener) => {
        state.tell = listener;
        return () => {
          state.tell = () => null;
        };
      },
    },
    now: () => Date.UTC(2026, 10, 21, 12),
    onChange: (reason) => changes.push(reason),
  });
  return { state, rest, changes };
}

describe('work in the background rests', () => {
  it('on battery and in the heat, from the moment the system tells until it tells that it is over', () => {
    const { state, rest, changes } = computer();
    state.battery = true;
    state.tell('changed');
    state.hot = true;
    state.tell('changed');
    state.battery = false;
    state.hot = false;
    state.tell('woke');
    rest.stop();
    state.battery = true;
    state.tell('changed');
    expect([changes, rest.reason()]).toEqual([['battery', 'heat', null], null]);
  });

  it('not on battery where the person does not want it', () => {
    const { state, rest, changes } = computer();
    state.battery = true;
    rest.look();
    state.settings = { restOnBattery: false, quietHours: null };
    rest.look();
    rest.stop();
    expect(changes).toEqual(['battery', null]);
  });

  it('in quiet hours, by the clock on the wall here', () => {
    const always = { from: '00:00', to: '23:59' };
    const { state, rest, changes } = computer({ restOnBattery: false, quietHours: always });
    expect(rest.reason()).toBe('quiet');
    state.settings = { restOnBattery: false, quietHours: null };
    rest.look();
    rest.stop();
    expect(changes).toEqual([null]);
  });
});

describe('quiet hours', () => {
  it.each([
    ['09:00', '17:30', 9 * hour, true],
    ['09:00', '17:30', 17.5 * hour, false],
    ['22:00', '07:00', 23 * hour, true],
    ['22:00', '07:00', 0, true],
    ['22:00', '07:00', 6.99 * hour, true],
    ['22:00', '07:00', 7 * hour, false],
    ['22:00', '07:00', 12 * hour, false],
    ['08:00', '08:00', 8 * hour, false],
  ])('from %s to %s, at %d ms of the day: %s', (from, to, at, quiet) => {
    expect(isQuiet({ from, to }, at)).toBe(quiet);
  });

  it('that are no times do not pass the door', () => {
    for (const from of ['24:00', '9:00', 'noon', '']) expect(SettingsPatch.safeParse({ quietHours: { from, to: '07:00' } }).success).toBe(false);
    expect(SettingsPatch.parse({ quietHours: null })).toEqual({ quietHours: null });
  });
});

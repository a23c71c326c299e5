// Notices that the computer slept, that its clock was set, or that it moved to another time zone, by comparing what it shows with what it showed.

export type Clocks = {
  /** Milliseconds since 1970 by the computer's clock, which may jump. */
  now(): number;
  /** Milliseconds that only grow, whatever the clock is set to. */
  elapsed(): number;
  /** The time zone the computer is set to. */
  zone(): string;
};

export type ClockTrouble =
  /** The clock moved by `ms` more (or, negative, less) than time passed: sleep, or it was set. */
  | { readonly type: 'clock-moved'; readonly ms: number }
  /** The clock shows a time that can't be right; nothing is announced until it is set. */
  | { readonly type: 'clock-wrong'; readonly now: number }
  /** The computer was set to another time zone: what is said in local time reads differently; what is due stays. */
  | { readonly type: 'zone-moved'; readonly from: string; readonly to: string };

const toleratedMs = 5_000;
/** Outside these years a clock is wrong, and acting on it would use up every task there is. */
const plausible = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2100, 0, 1) };

/** Compares the clock with the time that passed since it was last looked at, and tells of each trouble once. */
export function createWatch(clocks: Clocks, onTrouble: (trouble: ClockTrouble) => void) {
  let last = { now: clocks.now(), elapsed: clocks.elapsed(), isPlausible: true, zone: clocks.zone() };
  let expectedMs = 0;
  return {
    /** `movedMs` is 0 where the clock and the time that passed agree. `isLate`: the timer came much later than asked; on some systems sleep looks like this. */
    look: () => {
      const now = clocks.now();
      const elapsed = clocks.elapsed();
      const passed = elapsed - last.elapsed;
      const difference = now - last.now - passed;
      const movedMs = Math.abs(difference) > toleratedMs ? difference : 0;
      const before = last;
      last = { now, elapsed, isPlausible: isPlausible(now), zone: clocks.zone() };
      if (movedMs !== 0) onTrouble({ type: 'clock-moved', ms: movedMs });
      if (before.isPlausible && !last.isPlausible) onTrouble({ type: 'clock-wrong', now });
      if (before.zone !== last.zone) onTrouble({ type: 'zone-moved', from: before.zone, to: last.zone });
      return { now, movedMs, isLate: passed > expectedMs + toleratedMs };
    },
    expect: (ms: number): void => {
      expectedMs = ms;
    },
  };
}

export function isPlausible(now: number): boolean {
  return now >= plausible.from && now < plausible.to;
}

// Notices that the computer slept, or that its clock was set, by comparing its two clocks.

export type Clocks = {
  /** Milliseconds since 1970 by the computer's clock, which may jump. */
  now(): number;
  /** Milliseconds that only grow, whatever the clock is set to. */
  elapsed(): number;
};

export type ClockTrouble =
  /** The clock moved by `ms` more (or, negative, less) than time passed: sleep, or it was set. */
  | { readonly type: 'clock-moved'; readonly ms: number }
  /** The clock shows a time that can't be right; nothing is announced until it is set. */
  | { readonly type: 'clock-wrong'; readonly now: number };

const toleratedMs = 5_000;
/** Outside these years a clock is wrong, and acting on it would use up every task there is. */
const plausible = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2100, 0, 1) };

export type Watch = {
  look(): {
    readonly now: number;
    /** 0 where the clock and the time that passed agree. */
    readonly movedMs: number;
    /** The timer came much later than asked: on some systems sleep looks like this. */
    readonly isLate: boolean;
  };
  expect(ms: number): void;
};

/** Compares the clock with the time that passed since it was last looked at, and tells of each trouble once. */
export function createWatch(clocks: Clocks, onTrouble: (trouble: ClockTrouble) => void): Watch {
  let last = { now: clocks.now(), elapsed: clocks.elapsed(), isPlausible: true };
  let expectedMs = 0;
  return {
    look: () => {
      const now = clocks.now();
      const elapsed = clocks.elapsed();
      const passed = elapsed - last.elapsed;
      const difference = now - last.now - passed;
      const movedMs = Math.abs(difference) > toleratedMs ? difference : 0;
      const wasPlausible = last.isPlausible;
      last = { now, elapsed, isPlausible: isPlausible(now) };
      if (movedMs !== 0) onTrouble({ type: 'clock-moved', ms: movedMs });
      if (wasPlausible && !last.isPlausible) onTrouble({ type: 'clock-wrong', now });
      return { now, movedMs, isLate: passed > expectedMs + toleratedMs };
    },
    expect: (ms) => {
      expectedMs = ms;
    },
  };
}

export function isPlausible(now: number): boolean {
  return now >= plausible.from && now < plausible.to;
}

// Timers and the steady clock as a history wants them: nothing fires until time is let pass.
export type Timers = {
  /** Fires, in order, what is due within the next `ms`. */
  advance(ms: number): void;
  clear(): void;
  /** Puts the real ones back. */
  restore(): void;
};

type Timer = { readonly at: number; readonly order: number; readonly fire: () => void };

export function fakeTimers(): Timers {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: performance.now };
  const timers = new Set<Timer>();
  let time = 0;
  let order = 0;
  const set = (fire: () => void, ms = 0): object => {
    const timer = { at: time + Math.max(1, ms), order: ++order, fire, unref: () => timer };
    timers.add(timer);
    return timer;
  };
  Object.assign(globalThis, { setTimeout: set, clearTimeout: (timer: unknown) => void timers.delete(timer as Timer) });
  performance.now = () => time;
  return {
    advance: (ms) => {
      const until = time + ms;
      for (let next = nextBy(timers, until); next !== null; next = nextBy(timers, until)) {
        timers.delete(next);
        time = Math.max(time, next.at);
        next.fire();
      }
      time = until;
    },
    clear: () => timers.clear(),
    restore: () => {
      Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
      performance.now = real.now;
    },
  };
}

function nextBy(timers: ReadonlySet<Timer>, until: number): Timer | null {
  let first: Timer | null = null;
  for (const timer of timers)
    if (timer.at <= until && (first === null || timer.at < first.at || (timer.at === first.at && timer.order < first.order))) first = timer;
  return first;
}

// Where the errand is killed: at every pass of every named point or at a sample of them, at moments that nobody chose, and again during recovery.
import type { Kill } from './life.ts';

export type Size = {
  /** Kills at each point that every step passes; null for every pass. */
  readonly perPoint: number | null;
  readonly atRandom: number;
  /** Of so many kills one is followed by a second one while the next process takes up the work. */
  readonly secondEvery: number;
};

export const whole: Size = { perPoint: null, atRandom: 300, secondEvery: 4 };
export const sample: Size = { perPoint: 3, atRandom: 16, secondEvery: 3 };

export type Plan = {
  /** For long errands, each list for one of them. */ readonly long: readonly (readonly Kill[])[] /** Points that an errand passes once: a short one is enough. */;
  readonly short: readonly (readonly Kill[])[];
};

/** `random` gives numbers in [0, 1); `readyMs` is how long a process takes to open its data. */
export function plan(passes: ReadonlyMap<string, number>, steps: number, size: Size, random: () => number, readyMs: number): Plan {
  const points = [...passes].filter(([, count]) => count >= steps / 2);
  const second = (): Kill => {
    const name = recoveryPoints[Math.floor(random() * 2 * recoveryPoints.length)];
    return name === undefined ? { type: 'time', from: 'start', ms: random() * (readyMs + 40) } : { type: 'point', name, pass: 1 };
  };
  const withSeconds = (kills: readonly Kill[]): Kill[] => kills.flatMap((kill, at) => (at % size.secondEvery === 0 ? [kill, second()] : [kill]));
  const atPoint = ([name, count]: readonly [string, number]): Kill[] => {
    const times = size.perPoint ?? count - 1;
    // The first pass of a life settles what the life before left; at the second or later there is something new to lose.
    return Array.from({ length: times }, () => ({ type: 'point', name, pass: size.perPoint === null ? 2 : 2 + Math.floor(random() * 6) }));
  };
  const atRandom = Array.from({ length: size.atRandom }, (): Kill => ({ type: 'time', from: 'ready', ms: random() * 150 }));
  const sampled = points.flatMap(atPoint).sort(() => random() - 0.5);
  return {
    long: [...(size.perPoint === null ? points.map(atPoint) : [sampled]), atRandom].map(withSeconds),
    short: [...passes].filter(([, count]) => count < steps / 2).map(([name]) => [{ type: 'point', name, pass: 1 }]),
  };
}

const recoveryPoints = ['run.requeue.before', 'run.requeue.after', 'run.claim.before', 'run.claim.after', 'entry.outcome.before', 'entry.reply.before'];

/** Two errands at a time. */
export async function inPairs<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const next = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all([next(), next()]);
}

// What a benchmark gives: a figure with its unit, and whatever helps to judge it.
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Circumstances and companions: samples, the disk's own speed, a goal. */
  readonly [extra: string]: string | number | boolean | null | readonly number[];
};

export type BenchOptions = {
  /** A GGUF file for the benchmarks of local models; null means the fixture. */
  readonly model: string | null;
  /** A folder of conversations with questions, for `recall`. */
  readonly data: string | null;
  /** How many turns `recall-scale` takes; null means a number that is over in half a minute. */
  readonly turns: number | null;
};

/** Measures once. Throws where it can't, with the reason in words. */
export type Bench = (options: BenchOptions) => Promise<readonly Figure[]>;

/** The middle value; of an even number the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** `share` of 0.95 gives the value that 95 % do not exceed. Throws where there are no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('there is nothing to take the median of');
  return value;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

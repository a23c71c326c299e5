// An invariant and the sentence that says how it was broken.
export function require(holds: boolean, wrong: string): asserts holds {
  if (!holds) throw new Error(wrong);
}

// What runs use: their time at work, and tokens that are set aside for a call before it is made.
import type { Spent } from '../../contract/budget.ts';
import type { RunId } from '../../contract/id.ts';
import type { Db } from '../../journal/open.ts';

/** Another claim has taken the run over: whoever holds this one must stop writing. */
export class Fenced extends Error {
  constructor(run: RunId) {
    super(`run ${run} was claimed anew`);
    this.name = 'Fenced';
  }
}

/** A run as it was claimed. */
type Claimed = { readonly id: RunId; readonly fence: number };

export function createAccount(db: Db) {
  const change = ({ id, fence }: Claimed, name: string, sql: string, ...values: readonly number[]): void =>
    db.commit(name, () => {
      const { changes } = db.prepare(`UPDATE run SET ${sql} WHERE id = ? AND fence = ? AND state = 'running'`).run(...values, id, fence);
      if (changes === 0) throw new Fenced(id);
    });
  const more = (kind: keyof Spent, value: string): string => `'${kind}', (beside ->> '$.${kind}') + ${value}`;
  const added = `json_object(${more('tokens', '?')}, ${more('minutes', '?')}, ${more('steps', '?')})`;
  return {
    /** Sets tokens aside for a call; what was set aside before and never settled counts as spent. Throws Fenced where a later claim exists. */
    reserve: (claimed: Claimed, tokens: number) =>
      change(claimed, 'run.reserve', `beside = json_set(beside, '$.tokens', (beside ->> '$.tokens') + reserved), reserved = ?`, tokens),
    /** Instead of what was set aside, this was used. */
    settle: (claimed: Claimed, { tokens = 0, minutes = 0, steps = 0 }: Partial<Spent>) =>
      change(claimed, 'run.settle', `reserved = 0, beside = ${added}`, tokens, minutes, steps),
  };
}

export type Watch = ReturnType<typeof createWatch>;

/** Times runs at work, by a clock that nobody sets. A crash loses what passed since the last reply. */
export function createWatch() {
  const since = new Map<RunId, number>();
  return {
    begin: (run: RunId): void => void since.set(run, performance.now()),
    end: (run: RunId): void => void since.delete(run),
    /** Milliseconds since the run began, or began again; 0 where it is not at work. */
    elapsed: (run: RunId): number => Math.round(performance.now() - (since.get(run) ?? performance.now())),
  };
}

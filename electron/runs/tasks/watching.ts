// Tasks that wait for a file or folder: what was last seen of it is kept with the task, and a change makes the task due.
import type { TaskId } from '../../contract/id.ts';
import type { Db } from '../../journal/open.ts';
import type { Watched } from '../../schedule/changes/changes.ts';
import { type Kept, lookOf, type Noticed, notice, readKept } from '../../schedule/changes/kept.ts';
import type { Look } from '../../schedule/changes/look.ts';
import type { RunStore } from '../store.ts';
import type { Tasks } from './store.ts';
import type { TaskRow } from './view.ts';

export type Watching = ReturnType<typeof createWatching>;
type Parts = { readonly db: Db; readonly runs: RunStore; readonly tasks: Tasks; now(): number };

/** Within this time after a run, a change may be its doing: it takes a while to be noticed. Milliseconds. */
const echoMs = 40_000;

export function createWatching({ db, runs, tasks, now }: Parts) {
  const keep = (task: TaskId, kept: Kept): void => void db.prepare('UPDATE task SET watch = ? WHERE id = ?').run(JSON.stringify(kept), task);
  const isEcho = (task: TaskId, at: number): boolean => {
    const run = runs.latestOfTask(task);
    return run !== null && (run.endedAt === null || (run.endedAt <= at && run.endedAt > at - echoMs));
  };
  return {
    /** The paused ones too: what changes meanwhile is recorded as skipped. */
    watched: (): Watched[] =>
      tasks
        .rows(
          `schedule ->> '$.type' = 'after-change' AND state IN ('active', 'paused') AND conversation IN (SELECT id FROM conversation WHERE removed_at IS NULL)`,
        )
        .map((row) => {
          const path = pathOf(row);
          const kept = readKept(row.watch, path);
          return { task: row.id, path, known: kept === null ? null : lookOf(kept) };
        }),
    /** On disk when this returns, with the time at which the task is due by it. `onSkipped` records why it is not, inside the same commit. */
    noticed: (id: TaskId, look: Look, onSkipped: (why: NonNullable<Noticed['skipped']>) => void): void =>
      db.commit('task.noticed', () => {
        const row = tasks.row(id);
        const at = now();
        const path = pathOf(row);
        const found = notice(path, readKept(row.watch, path), look, { now: at, isEcho: isEcho(id, at), isPaused: row.state === 'paused' });
        keep(id, found.kept);
        if (found.skipped !== null) onSkipped(found.skipped);
        if (found.due !== null) tasks.set(id, 'active', row.nextDue ?? found.due);
      }),
    /** A run has begun by a change; inside the caller's commit. */
    fired: (row: TaskRow, at: number): void => {
      const kept = readKept(row.watch, pathOf(row));
      if (kept !== null) keep(row.id, { ...kept, firedAt: at });
    },
    /** What the task waits for is gone for good; inside the caller's commit. */
    lost: (id: TaskId): void => keep(id, { path: '', print: null, trouble: 'gone', firedAt: 0, chain: 0 }),
  };
}

function pathOf({ schedule }: TaskRow): string {
  return schedule.type === 'after-change' ? schedule.path : '';
}

// What becomes of every due time of a task: it ran, was skipped, or was merged into another. One record each.
import { FaultError, fault } from '../../contract/fault.ts';
import type { TaskId } from '../../contract/id.ts';
import type { Firing } from '../../contract/schedule.ts';
import type { Task } from '../../contract/task.ts';
import type { Db } from '../../journal/open.ts';
import type { Look } from '../../schedule/changes/look.ts';
import { onTimeMs, type Range, rewind, type Settled, settle, uncovered } from '../../schedule/missed.ts';
import { waitsForEvent } from '../../schedule/recurrence.ts';
import type { Occurrence } from '../../schedule/scheduler.ts';
import { isPlausible } from '../../schedule/watch.ts';
import type { Run, RunStore } from '../store.ts';
import type { Tasks } from './store.ts';
import type { TaskRow } from './view.ts';
import { createWatching, type Watching } from './watching.ts';

type Given = { readonly db: Db; readonly runs: RunStore; readonly tasks: Tasks; now(): number };
type Parts = Given & { readonly watching: Watching };

/** How soon a change that came while the task is at work is looked at again, in milliseconds. */
const busyPause = 30_000;
/** Longer than any run pauses before it tries again by itself, in milliseconds. */
const longestRetry = 3_600_000;

/** A conversation that was removed can come back; until then its tasks rest. The plus keeps SQLite to the index of due times. */
const isDue = `state = 'active' AND +conversation IN (SELECT id FROM conversation WHERE removed_at IS NULL)`;

export function createFirings(given: Given) {
  const parts: Parts = { ...given, watching: createWatching(given) };
  const { db, tasks, watching } = parts;
  return {
    dueBy: (at: number): Occurrence[] =>
      db.prepare<Occurrence>(`SELECT id AS task, next_due AS due FROM task WHERE ${isDue} AND next_due <= ? ORDER BY next_due, id`).all(at),
    nextAfter: (at: number): number | null =>
      db.prepare<{ due: number | null }>(`SELECT next_due AS due FROM task WHERE ${isDue} AND next_due > ? ORDER BY next_due LIMIT 1`).get(at)?.due ?? null,
    /** Settles every due time up to now, each with one record; the runs that begin by it. */
    fire: ({ task }: Occurrence, at: number): Run[] => db.commit('task.fire', () => fire(parts, tasks.row(task), at)),
    /** The clock was set back: what was skipped or merged at times that lie ahead again is taken back. What ran never runs again. */
    rewind: (at: number): void => rewindAll(parts, at),
    /** A task has ended well: those that wait for it are due. */
    follow: (id: TaskId): Run[] =>
      db.commit('task.follow', () =>
        followersOf(tasks, id).flatMap((task) => {
          tasks.set(task.id, 'over', null);
          const due = { type: 'ran', due: parts.now(), late: 0 } as const;
          if (isBusy(parts, task.id)) return write(parts, task.id, due, 'busy', null);
          return [runByHand(parts, task, '')];
        }),
      ),
    /** The files and folders that tasks wait for, and that one looks different than before: the task is due, or it is recorded why not. */
    watched: watching.watched,
    noticed: (id: TaskId, look: Look): Task => {
      watching.noticed(id, look, (why) => leaveOut(parts, id, why));
      return tasks.get(id);
    },
    /** Throws a FaultError where it is being worked on. */
    runNow: (id: TaskId): Run => db.commit('task.run-now', () => runByHand(parts, tasks.row(id), 'by-hand')),
    pause: (id: TaskId): Task => {
      const task = tasks.row(id);
      if (task.state === 'active') db.commit('task.pause', () => tasks.set(id, 'paused', task.nextDue));
      return tasks.get(id);
    },
    resume: (id: TaskId): Task => {
      const task = tasks.row(id);
      if (task.state === 'paused') db.commit('task.resume', () => resume(parts, task));
      return tasks.get(id);
    },
    /** Takes the task out of the list; its runs must have ended. Those that waited for it, which it changes. */
    remove: (id: TaskId): Task[] => remove(parts, tasks.row(id).id),
    /** Newest first. */
    history: (id: TaskId): Firing[] =>
      db
        .prepare<Firing>('SELECT task, due, until, count, outcome, why, run FROM firing WHERE task = ? ORDER BY due DESC, id DESC LIMIT 1000')
        .all(tasks.row(id).id),
  };
}

function fire(parts: Parts, task: TaskRow, at: number): Run[] {
  if (task.state !== 'active' || task.nextDue === null) return [];
  const { schedule, missed: policy } = task;
  if (schedule.type === 'after-change') {
    if (isBusy(parts, task.id)) {
      parts.tasks.set(task.id, 'active', at + busyPause);
      return [];
    }
    parts.watching.fired(task, at);
  }
  const { records, next } = settle(schedule, policy, task.nextDue, at);
  const taken = parts.db.prepare<Range>('SELECT due, until FROM firing WHERE task = ? AND until >= ? AND due <= ? ORDER BY due').all(task.id, task.nextDue, at);
  const fresh = taken.length === 0 ? records : records.flatMap((record) => uncovered(schedule, record, taken));
  const busy = isBusy(parts, task.id);
  const begun = fresh.flatMap((record) => {
    if (record.type !== 'ran') return write(parts, task.id, record, record.type === 'skipped' ? record.why : '', null);
    // Where all are wanted, what came due while nobody watched waits for the run before it.
    const mayRun = !busy || (policy.type === 'all' && record.late > onTimeMs);
    const run = mayRun ? parts.tasks.begin(task) : null;
    write(parts, task.id, record, mayRun ? '' : 'busy', run);
    return run === null ? [] : [run];
  });
  parts.tasks.set(task.id, next === null && !waitsForEvent(schedule) ? 'over' : 'active', next);
  return begun;
}

function remove(parts: Parts, id: TaskId): Task[] {
  const { db, tasks, watching } = parts;
  return db.commit('task.remove', () => {
    tasks.set(id, 'removed', null);
    return followersOf(tasks, id, `'active', 'paused'`).map((follower) => {
      watching.lost(follower.id);
      leaveOut(parts, follower.id, 'gone');
      return tasks.get(follower.id);
    });
  });
}

function resume(parts: Parts, task: TaskRow): void {
  const { records, next } = task.nextDue === null ? { records: [], next: null } : settle(task.schedule, { type: 'skip' }, task.nextDue, parts.now());
  for (const record of records) write(parts, task.id, record, 'paused', null);
  parts.tasks.set(task.id, next === null && !waitsForEvent(task.schedule) ? 'over' : 'active', next);
}

function runByHand(parts: Parts, task: TaskRow, why: 'by-hand' | ''): Run {
  if (isBusy(parts, task.id)) throw new FaultError(fault('task.busy', { id: task.id }));
  const run = parts.tasks.begin(task);
  write(parts, task.id, { type: 'ran', due: parts.now(), late: 0 }, why, run);
  return run;
}

function rewindAll(parts: Parts, at: number): void {
  // By a clock that is wrong everything would lie ahead.
  if (!isPlausible(at)) return;
  const { db, tasks } = parts;
  db.commit('task.rewind', () => {
    for (const task of tasks.rows(`state IN ('active', 'over') AND id IN (SELECT task FROM firing WHERE until > ?)`, at)) takeBack(parts, task, at);
    // What is due because something happened, or waits for a while, would otherwise wait until the clock is there again.
    db.prepare(`UPDATE task SET next_due = ? WHERE next_due > ? AND schedule ->> '$.type' = 'after-change'`).run(at, at);
    db.prepare(`UPDATE run SET wake_at = ? WHERE waiting_for = 'network' AND wake_at > ?`).run(at + longestRetry, at + longestRetry);
  });
}

/** What was left out because it was not its time; that the task was busy or paused was so by any clock. */
const byClock = `why IN ('', 'missed', 'too-late')`;

/** Nothing was due before the task was there: a clock that shows such a time is behind, and its task waits until it is right. */
function takeBack(parts: Parts, task: TaskRow, now: number): void {
  const { db } = parts;
  const at = Math.max(now, task.createdAt);
  const ahead = db
    .prepare<FiringRow>(`SELECT due, until, count, outcome, why, merged_into AS mergedInto FROM firing WHERE task = ? AND until > ? AND ${byClock}`)
    .all(task.id, at);
  const { records, next } = rewind(task.schedule, ahead.map(toSettled), at);
  db.prepare(`DELETE FROM firing WHERE task = ? AND until > ? AND outcome <> 'ran' AND ${byClock}`).run(task.id, at);
  for (const record of records) if (record.type !== 'ran') write(parts, task.id, record, record.type === 'skipped' ? record.why : '', null);
  // What was due by now and has not been settled yet is still due.
  const due = task.nextDue !== null && task.nextDue <= at ? task.nextDue : next;
  if (!waitsForEvent(task.schedule)) parts.tasks.set(task.id, due === null ? 'over' : 'active', due);
}

/** Those that still wait for it. */
function followersOf(tasks: Tasks, id: TaskId, states = `'active'`): TaskRow[] {
  return tasks.rows(`state IN (${states}) AND schedule ->> '$.type' = 'after' AND schedule ->> '$.task' = ?`, id);
}

function leaveOut(parts: Parts, task: TaskId, why: string): void {
  write(parts, task, { type: 'ran', due: parts.now(), late: 0 }, why, null);
}

function isBusy({ runs }: Parts, task: TaskId): boolean {
  return runs.latestOfTask(task)?.endedAt === null;
}

/** Writes what became of one due time, or of a stretch of them. A time that has its record keeps it. */
function write({ db, now }: Parts, task: TaskId, record: Settled, why: string, run: Run | null): Run[] {
  const ran = record.type === 'ran';
  const outcome = ran && run === null ? 'skipped' : record.type;
  db.prepare(
    'INSERT INTO firing (task, due, until, count, outcome, why, merged_into, run, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (task, due) DO NOTHING',
  ).run(
    task,
    record.due,
    ran ? record.due : record.until,
    ran ? 1 : record.count,
    outcome,
    why,
    record.type === 'merged' ? record.into : null,
    run?.id ?? null,
    now(),
  );
  return [];
}

type FiringRow = Pick<Firing, 'due' | 'until' | 'count' | 'outcome' | 'why'> & { readonly mergedInto: number | null };

function toSettled({ due, until, count, outcome, why, mergedInto }: FiringRow): Settled {
  if (outcome === 'ran') return { type: 'ran', due, late: 0 };
  return outcome === 'merged' ? { type: 'merged', due, until, count, into: mergedInto ?? until } : { type: 'skipped', due, until, count, why: why as 'missed' };
}

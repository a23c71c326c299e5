// Tasks on disk: what is to be achieved and when, the runs that worked on it, and what became of every due time.
import { FaultError, fault } from '../contract/fault.ts';
import type { ConversationId, RunId, TaskId } from '../contract/id.ts';
import type { Firing, MissedPolicy, Schedule } from '../contract/schedule.ts';
import type { Task } from '../contract/task.ts';
import type { Db } from '../journal/open.ts';
import { rewind, type Settled, settle } from '../schedule/missed.ts';
import { checkSchedule, nextDue } from '../schedule/recurrence.ts';
import type { Occurrence } from '../schedule/scheduler.ts';
import type { Approve } from '../tools/policy.ts';
import type { Run, RunStore } from './store.ts';
import { type TaskRow, viewTask } from './task-view.ts';

export type NewTask = {
  readonly conversation: ConversationId;
  readonly goal: string;
  readonly folder: string | null;
  readonly model: string | null;
  readonly approve: Approve;
  readonly key: string | null;
  readonly schedule: Schedule;
  readonly missed: MissedPolicy;
};

export type Tasks = {
  /** On disk when this returns, with its run where it is due now; with a key that was used before, the task of that time. Throws a FaultError where the schedule can't be kept. */
  add(input: NewTask): Task;
  get(task: TaskId): Task;
  /** Null for a turn, and where the task was removed. */
  ofRun(run: RunId): Task | null;
  /** Newest first, without those that were removed. */
  list(): Task[];
  ofConversation(conversation: ConversationId): { readonly task: Task; readonly placed: number }[];
  placed(task: TaskId): number;
  dueBy(now: number): Occurrence[];
  nextAfter(now: number): number | null;
  /** Settles every due time up to now, each with one record; the runs that begin by it. */
  fire(occurrence: Occurrence, now: number): Run[];
  /** The clock was set back: what was skipped or merged at times that lie ahead again is taken back. What ran never runs again. */
  rewind(now: number): void;
  /** A task has ended well: those that wait for it are due. */
  ended(task: TaskId): Run[];
  runNow(task: TaskId): Run;
  pause(task: TaskId): Task;
  resume(task: TaskId): Task;
  /** Takes it out of the list; its runs must have ended. */
  remove(task: TaskId): void;
  /** Newest first. */
  history(task: TaskId): Firing[];
};

const query = `SELECT id, conversation, goal, folder, model, approve, schedule, missed, state, next_due AS nextDue, placed, created_at AS createdAt FROM task`;

/** A conversation that was removed can come back; until then its tasks rest. */
const inThread = 'conversation IN (SELECT id FROM conversation WHERE removed_at IS NULL)';

export function createTasks(db: Db, runs: RunStore, now: () => number): Tasks {
  const row = (task: TaskId): TaskRow => {
    const found = db.prepare<TaskRow>(`${query} WHERE id = ?`).get(task);
    if (found === undefined || found.state === 'removed') throw new FaultError(fault('task.missing', { id: task }));
    return found;
  };
  const view = (found: TaskRow): Task => viewTask(runs, found, now());
  const set = (task: TaskId, state: TaskRow['state'], next: number | null): void => {
    db.prepare('UPDATE task SET state = ?, next_due = ? WHERE id = ?').run(state, next, task);
  };
  const begin = (task: TaskRow, key: string | null = null): Run => {
    const { conversation, folder, model, approve } = task;
    return runs.create({ conversation, kind: 'task', task: task.id, lane: 'background', text: task.goal, folder, model, approve, replaces: null, key }).run;
  };
  const isBusy = (task: TaskId): boolean => runs.ofTask(task).some(({ endedAt }) => endedAt === null);
  const write = recordFiring(db, now);

  const fire: Tasks['fire'] = ({ task: id }, at) =>
    db.commit('task.fire', () => {
      const task = row(id);
      if (task.state !== 'active' || task.nextDue === null) return [];
      const { records, next } = settle(scheduleOf(task), policyOf(task), task.nextDue, at);
      const begun = records.flatMap((record) => {
        const busy = record.type === 'ran' && isBusy(id);
        const run = record.type === 'ran' && !busy ? begin(task) : null;
        write(id, record, busy ? 'busy' : undefined, run);
        return run === null ? [] : [run];
      });
      set(id, next === null ? 'over' : 'active', next);
      return begun;
    });

  return {
    add: (input) =>
      db.commit('task.add', () => {
        const known = input.key === null ? undefined : db.prepare<TaskRow>(`${query} WHERE key = ?`).get(input.key);
        return view(known ?? insert(db, runs, now(), input, row, begin));
      }),
    get: (task) => view(row(task)),
    ofRun: (run) => {
      const { task } = runs.get(run);
      const found = task === null ? undefined : db.prepare<TaskRow>(`${query} WHERE id = ? AND state <> 'removed'`).get(task);
      return found === undefined ? null : view(found);
    },
    list: () => db.prepare<TaskRow>(`${query} WHERE state <> 'removed' ORDER BY id DESC`).all().map(view),
    ofConversation: (conversation) =>
      db
        .prepare<TaskRow>(`${query} WHERE conversation = ? AND state <> 'removed'`)
        .all(conversation)
        .map((found) => ({ task: view(found), placed: found.placed })),
    placed: (task) => row(task).placed,
    dueBy: (at) => db.prepare<Occurrence>(`SELECT id AS task, next_due AS due FROM task WHERE state = 'active' AND next_due <= ? AND ${inThread} ORDER BY next_due, id`).all(at),
    nextAfter: (at) => db.prepare<{ due: number | null }>(`SELECT min(next_due) AS due FROM task WHERE state = 'active' AND next_due > ? AND ${inThread}`).get(at)?.due ?? null,
    fire,
    rewind: (at) =>
      db.commit('task.rewind', () => {
        const ahead = db.prepare<{ task: TaskId }>('SELECT DISTINCT task FROM firing WHERE until > ?').all(at);
        for (const { task: id } of ahead) {
          const task = db.prepare<TaskRow>(`${query} WHERE id = ? AND state IN ('active', 'over')`).get(id);
          if (task === undefined) continue;
          const found = db.prepare<FiringRow>('SELECT due, until, count, outcome, why, merged_into AS mergedInto, run FROM firing WHERE task = ? AND until > ?').all(id, at);
          const { records, next } = rewind(scheduleOf(task), found.map(toSettled), at);
          db.prepare(`DELETE FROM firing WHERE task = ? AND until > ? AND outcome <> 'ran'`).run(id, at);
          for (const record of records) if (record.type !== 'ran') write(id, record, undefined, null);
          set(id, next === null ? 'over' : 'active', next);
        }
      }),
    ended: (id) =>
      db.commit('task.follow', () => {
        const waiting = db.prepare<TaskRow>(`${query} WHERE state = 'active' AND schedule ->> '$.type' = 'after' AND schedule ->> '$.task' = ?`).all(id);
        return waiting.map((task) => {
          const run = begin(task);
          write(task.id, { type: 'ran', due: now(), late: 0 }, undefined, run);
          set(task.id, 'over', null);
          return run;
        });
      }),
    runNow: (id) =>
      db.commit('task.run-now', () => {
        if (isBusy(id)) throw new FaultError(fault('task.busy', { id }));
        const run = begin(row(id));
        write(id, { type: 'ran', due: now(), late: 0 }, 'by-hand', run);
        return run;
      }),
    pause: (id) => {
      const task = row(id);
      db.commit('task.pause', () => task.state === 'active' && set(id, 'paused', task.nextDue));
      return view(row(id));
    },
    resume: (id) => {
      const task = row(id);
      db.commit('task.resume', () => {
        if (task.state !== 'paused') return;
        const { records, next } = task.nextDue === null ? { records: [], next: null } : settle(scheduleOf(task), { type: 'skip' }, task.nextDue, now());
        for (const record of records) write(id, record, 'paused', null);
        set(id, next === null && scheduleOf(task).type !== 'after' ? 'over' : 'active', next);
      });
      return view(row(id));
    },
    remove: (id) => {
      row(id);
      db.commit('task.remove', () => set(id, 'removed', null));
    },
    history: (id) =>
      db.prepare<Firing>('SELECT task, due, until, count, outcome, why, run FROM firing WHERE task = ? ORDER BY due DESC, id DESC LIMIT 1000').all(row(id).id),
  };
}

function insert(db: Db, runs: RunStore, now: number, input: NewTask, row: (task: TaskId) => TaskRow, begin: (task: TaskRow, key: string | null) => Run): TaskRow {
  const { schedule } = input;
  const checked = checkSchedule(schedule, now);
  if (!checked.ok) throw new FaultError(fault('task.schedule', { reason: checked.reason }));
  if (schedule.type === 'until-done') throw new FaultError(fault('task.schedule', { reason: 'A task that goes on until it is done needs checks, which Nacre does not have yet.' }));
  if (schedule.type === 'after') row(schedule.task);
  const due = schedule.type === 'at' ? schedule.at : nextDue(schedule, now);
  const placed = (db.prepare<{ last: number | null }>('SELECT max(id) AS last FROM entry').get()?.last ?? 0) + 0.7;
  const { conversation, key, goal, folder, model, approve, missed } = input;
  const state = due === null && schedule.type !== 'after' ? 'over' : 'active';
  const { lastInsertRowid } = db
    .prepare('INSERT INTO task (conversation, key, goal, folder, model, approve, schedule, missed, state, next_due, placed, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(conversation, key, goal, folder, model, approve, JSON.stringify(schedule), JSON.stringify(missed), state, due, placed, now);
  const task = row(Number(lastInsertRowid));
  if (schedule.type === 'now') begin(task, key);
  return task;
}

/** Writes what became of one due time, or of a stretch of them. A time that has its record keeps it. */
function recordFiring(db: Db, now: () => number): (task: TaskId, record: Settled, why: string | undefined, run: Run | null) => void {
  return (task, record, why, run) => {
    const outcome = record.type === 'ran' && run === null ? 'skipped' : record.type;
    const until = record.type === 'ran' ? record.due : record.until;
    const count = record.type === 'ran' ? 1 : record.count;
    const reason = why ?? (record.type === 'skipped' ? record.why : '');
    db.prepare('INSERT INTO firing (task, due, until, count, outcome, why, merged_into, run, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (task, due) DO NOTHING').run(
      task,
      record.due,
      until,
      count,
      outcome,
      reason,
      record.type === 'merged' ? record.into : null,
      run?.id ?? null,
      now(),
    );
  };
}

type FiringRow = Omit<Firing, 'task'> & { readonly mergedInto: number | null };

function toSettled({ due, until, count, outcome, why, mergedInto }: FiringRow): Settled {
  if (outcome === 'ran') return { type: 'ran', due, late: 0 };
  return outcome === 'merged' ? { type: 'merged', due, until, count, into: mergedInto ?? until } : { type: 'skipped', due, until, count, why: why as 'missed' };
}

/** Written by this file alone, so trusted here. */
function scheduleOf(task: TaskRow): Schedule {
  return JSON.parse(task.schedule) as Schedule;
}

function policyOf(task: TaskRow): MissedPolicy {
  return JSON.parse(task.missed) as MissedPolicy;
}

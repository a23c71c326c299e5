// Tasks on disk: what is to be achieved and when, and the runs that work on it.
import { FaultError, fault } from '../../contract/fault.ts';
import type { ConversationId, RunId, TaskId } from '../../contract/id.ts';
import type { RequestPayload } from '../../contract/request.ts';
import type { Schedule } from '../../contract/schedule.ts';
import type { Task } from '../../contract/task.ts';
import type { Db } from '../../journal/open.ts';
import { checkSchedule, nextDue, waitsForEvent } from '../../schedule/recurrence.ts';
import type { Run, RunStore } from '../store.ts';
import { acceptanceOf, type TaskRow, viewTask } from './view.ts';

export type NewTask = Pick<TaskRow, 'conversation' | 'goal' | 'folder' | 'model' | 'approve' | 'schedule' | 'missed' | 'checks' | 'grants' | 'budget'> & {
  readonly key: string | null;
  /** The run that handed it over, if it was one. */
  readonly parent: RunId | null;
};

type TaskChanges = Omit<RequestPayload<'task.edit'>, 'task'>;

export type Tasks = ReturnType<typeof createTasks>;

const query =
  'SELECT id, conversation, goal, folder, model, approve, schedule, missed, checks, grants, budget, state, next_due AS nextDue, watch, placed, created_at AS createdAt FROM task';

const written = ['missed', 'checks', 'grants', 'budget'] as const;
type Written = (typeof written)[number] | 'schedule';
type Stored = Omit<TaskRow, Written> & Readonly<Record<Written, string>>;

export function createTasks(db: Db, runs: RunStore, now: () => number) {
  /** As they stand on disk, those that a condition finds. */
  const rows = (condition: string, ...params: readonly unknown[]): TaskRow[] =>
    db
      .prepare<Stored>(`${query} WHERE ${condition}`)
      .all(...params)
      .map(toRow);
  /** Throws a FaultError where it is gone. */
  const row = (task: TaskId): TaskRow => {
    const [found] = rows(`id = ? AND state <> 'removed'`, task);
    if (found === undefined) throw new FaultError(fault('task.missing', { id: task }));
    return found;
  };
  const view = (found: TaskRow): Task => viewTask(runs, found, now());
  /** A new run for it; inside the caller's commit. */
  const begin = (task: TaskRow, key: string | null = null): Run => {
    const { id, conversation, goal, folder, model, approve } = task;
    const acceptance = acceptanceOf(task);
    return runs.create({ conversation, kind: 'task', task: id, lane: 'background', text: goal, folder, model, approve, replaces: null, key, acceptance }).run;
  };
  return {
    /** On disk when this returns, with its run where it is due now; with a key that was used before, the task of that time. Throws a FaultError where the schedule can't be kept. */
    add: (input: NewTask): Task =>
      db.commit('task.add', () => {
        const [known] = input.key === null ? [] : rows('key = ?', input.key);
        if (known !== undefined) return view(known);
        if (input.schedule.type === 'after') row(input.schedule.task);
        const added = row(insert(db, now(), input));
        if (input.schedule.type === 'now' || input.schedule.type === 'until-done') begin(added, input.key);
        return view(added);
      }),
    get: (task: TaskId): Task => view(row(task)),
    /** What is not given stays. Grants and budget hold at once, the rest from the next run on; nothing begins by it. Throws a FaultError where the schedule can't be kept. */
    edit: (task: TaskId, changes: TaskChanges): Task =>
      db.commit('task.edit', () => {
        if (changes.schedule?.type === 'after') row(changes.schedule.task);
        if (changes.schedule !== undefined) refuseCircle(rows, task, changes.schedule);
        edit(db, now(), row(task), changes);
        return view(row(task));
      }),
    /** Null for a turn, and where the task was removed. */
    ofRun: (run: RunId): Task | null => {
      const [found] = rows(`id = ? AND state <> 'removed'`, runs.get(run).task);
      return found === undefined ? null : view(found);
    },
    /** Newest first, without those that were removed. */
    list: (): Task[] => rows(`state <> 'removed' ORDER BY id DESC`).map(view),
    ofConversation: (conversation: ConversationId) =>
      rows(`conversation = ? AND state <> 'removed'`, conversation).map((found) => ({ task: view(found), placed: found.placed })),
    row,
    rows,
    /** Inside the caller's commit. */
    set: (task: TaskId, state: TaskRow['state'], next: number | null) =>
      void db.prepare('UPDATE task SET state = ?, next_due = ? WHERE id = ?').run(state, next, task),
    begin,
  };
}

/** When it is due first. Throws a FaultError where the schedule can't be kept. */
function firstDue(schedule: Schedule, now: number): number | null {
  const checked = checkSchedule(schedule, now);
  if (!checked.ok) throw new FaultError(checked.fault);
  // The rounds of a task that goes on until it is done are rounds of one run, which rests between them.
  return schedule.type === 'at' ? schedule.at : schedule.type === 'until-done' ? null : nextDue(schedule, now);
}

/** Tasks that wait for each other would all wait for ever. */
function refuseCircle(rows: Tasks['rows'], task: TaskId, schedule: Schedule): void {
  if (schedule.type !== 'after') return;
  if (schedule.task === task) throw new FaultError(fault('typed.circle', { id: task }));
  for (const next of rows('id = ?', schedule.task)) refuseCircle(rows, task, next.schedule);
}

/** A paused task stays paused; one that was over is due again by a schedule that lies ahead. */
function edit(db: Db, now: number, row: TaskRow, { schedule, ...changes }: TaskChanges): void {
  const plain = ['goal', 'folder', 'model'] as const;
  for (const column of plain) if (changes[column] !== undefined) db.prepare(`UPDATE task SET ${column} = ? WHERE id = ?`).run(changes[column], row.id);
  for (const column of written)
    if (changes[column] !== undefined) db.prepare(`UPDATE task SET ${column} = ? WHERE id = ?`).run(toText(changes[column]), row.id);
  if (schedule === undefined || toText(schedule) === toText(row.schedule)) return;
  const due = firstDue(schedule, now);
  const waits = due !== null || waitsForEvent(schedule);
  const state = waits ? (row.state === 'paused' ? 'paused' : 'active') : 'over';
  db.prepare('UPDATE task SET schedule = ?, state = ?, next_due = ?, watch = NULL WHERE id = ?').run(toText(schedule), state, due, row.id);
}

function insert(db: Db, now: number, input: NewTask): TaskId {
  const { schedule } = input;
  const due = firstDue(schedule, now);
  const placed = (db.prepare<{ last: number | null }>('SELECT max(id) AS last FROM entry').get()?.last ?? 0) + 0.7;
  const { conversation, key, goal, folder, model, approve, missed, checks, grants, budget, parent } = input;
  const state = due === null && !waitsForEvent(schedule) ? 'over' : 'active';
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO task (conversation, key, goal, folder, model, approve, schedule, missed, checks, grants, budget, parent, state, next_due, placed, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(conversation, key, goal, folder, model, approve, ...[schedule, missed, checks, grants, budget].map(toText), parent, state, due, placed, now);
  return Number(lastInsertRowid);
}

/** Checked before it was written, so trusted here. */
function toRow(row: Stored): TaskRow {
  const parsed = Object.fromEntries([...written, 'schedule' as const].map((column) => [column, JSON.parse(row[column])]));
  return { ...row, ...(parsed as Pick<TaskRow, Written>) };
}

function toText(value: unknown): string {
  return JSON.stringify(value);
}

// Tasks on disk: what is to be achieved and when, and the runs that work on it.
import { FaultError, fault } from '../../contract/fault.ts';
import type { ConversationId, RunId, TaskId } from '../../contract/id.ts';
import type { MissedPolicy, Schedule } from '../../contract/schedule.ts';
import type { Task } from '../../contract/task.ts';
import type { Db } from '../../journal/open.ts';
import { checkSchedule, nextDue, waitsForEvent } from '../../schedule/recurrence.ts';
import type { Approve } from '../../tools/policy.ts';
import type { Run, RunStore } from '../store.ts';
import { type TaskRow, viewTask } from './view.ts';

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
  /** Its place in the thread, among the ids of entries. */
  placed(task: TaskId): number;
  /** As it stands on disk, and those that a condition finds. Throws a FaultError where it is gone. */
  row(task: TaskId): TaskRow;
  rows(condition: string, ...params: readonly unknown[]): TaskRow[];
  /** Inside the caller's commit. */
  set(task: TaskId, state: TaskRow['state'], next: number | null): void;
  /** A new run for it; inside the caller's commit. */
  begin(task: TaskRow, key?: string | null): Run;
};

const query =
  'SELECT id, conversation, goal, folder, model, approve, schedule, missed, state, next_due AS nextDue, watch, placed, created_at AS createdAt FROM task';

export function createTasks(db: Db, runs: RunStore, now: () => number): Tasks {
  const rows: Tasks['rows'] = (condition, ...params) => db.prepare<TaskRow>(`${query} WHERE ${condition}`).all(...params);
  const row = (task: TaskId): TaskRow => {
    const [found] = rows(`id = ? AND state <> 'removed'`, task);
    if (found === undefined) throw new FaultError(fault('task.missing', { id: task }));
    return found;
  };
  const view = (found: TaskRow): Task => viewTask(runs, found, now());
  const begin: Tasks['begin'] = ({ id, conversation, goal, folder, model, approve }, key = null) =>
    runs.create({ conversation, kind: 'task', task: id, lane: 'background', text: goal, folder, model, approve, replaces: null, key }).run;
  return {
    add: (input) =>
      db.commit('task.add', () => {
        const [known] = input.key === null ? [] : rows('key = ?', input.key);
        if (known !== undefined) return view(known);
        if (input.schedule.type === 'after') row(input.schedule.task);
        const added = row(insert(db, now(), input));
        if (input.schedule.type === 'now') begin(added, input.key);
        return view(added);
      }),
    get: (task) => view(row(task)),
    ofRun: (run) => {
      const [found] = rows(`id = ? AND state <> 'removed'`, runs.get(run).task);
      return found === undefined ? null : view(found);
    },
    list: () => rows(`state <> 'removed' ORDER BY id DESC`).map(view),
    ofConversation: (conversation) =>
      rows(`conversation = ? AND state <> 'removed'`, conversation).map((found) => ({ task: view(found), placed: found.placed })),
    placed: (task) => row(task).placed,
    row,
    rows,
    set: (task, state, next) => void db.prepare('UPDATE task SET state = ?, next_due = ? WHERE id = ?').run(state, next, task),
    begin,
  };
}

function insert(db: Db, now: number, input: NewTask): TaskId {
  const { schedule } = input;
  const checked = checkSchedule(schedule, now);
  if (!checked.ok) throw new FaultError(fault('task.schedule', { reason: checked.reason }));
  if (schedule.type === 'until-done')
    throw new FaultError(fault('task.schedule', { reason: 'A task that goes on until it is done needs checks, which Nacre does not have yet.' }));
  const due = schedule.type === 'at' ? schedule.at : nextDue(schedule, now);
  const placed = (db.prepare<{ last: number | null }>('SELECT max(id) AS last FROM entry').get()?.last ?? 0) + 0.7;
  const { conversation, key, goal, folder, model, approve, missed } = input;
  const state = due === null && !waitsForEvent(schedule) ? 'over' : 'active';
  const { lastInsertRowid } = db
    .prepare(
      'INSERT INTO task (conversation, key, goal, folder, model, approve, schedule, missed, state, next_due, placed, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(conversation, key, goal, folder, model, approve, JSON.stringify(schedule), JSON.stringify(missed), state, due, placed, now);
  return Number(lastInsertRowid);
}

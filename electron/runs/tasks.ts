// Tasks on disk, each with the run that works on it, and how they look to people.
import { FaultError, fault } from '../contract/fault.ts';
import type { ConversationId, RunId, TaskId } from '../contract/id.ts';
import type { Task } from '../contract/task.ts';
import type { Db } from '../journal/open.ts';
import type { Approve } from '../tools/policy.ts';
import type { RunStore } from './store.ts';

export type NewTask = {
  readonly conversation: ConversationId;
  readonly goal: string;
  readonly folder: string | null;
  readonly model: string | null;
  readonly approve: Approve;
  readonly key: string | null;
};

export type Tasks = {
  /** On disk with its run when this returns; with a key that was used before, the task of that time. */
  add(input: NewTask): Task;
  get(task: TaskId): Task;
  ofRun(run: RunId): Task | null;
  list(): Task[];
};

type Row = {
  readonly id: number;
  readonly conversation: number;
  readonly run: number;
  readonly goal: string;
  readonly folder: string | null;
  readonly createdAt: number;
};
const query = 'SELECT id, conversation, run, goal, folder, created_at AS createdAt FROM task';

export function createTasks(db: Db, runs: RunStore, now: () => number): Tasks {
  const ofRun = (run: RunId): Task | null => {
    const row = db.prepare<Row>(`${query} WHERE run = ?`).get(run);
    return row === undefined ? null : view(runs, row);
  };
  const get = (task: TaskId): Task => {
    const row = db.prepare<Row>(`${query} WHERE id = ?`).get(task);
    if (row === undefined) throw new FaultError(fault('task.missing', { id: task }));
    return view(runs, row);
  };
  return {
    add: (input) =>
      db.commit('task.add', () => {
        const known = input.key === null ? null : runs.byKey(input.key);
        const task = known === null ? null : ofRun(known.id);
        if (task !== null) return task;
        const { conversation, goal, folder, model, approve, key } = input;
        const { run } = runs.create({ conversation, kind: 'task', lane: 'background', text: goal, folder, model, approve, replaces: null, key });
        const { lastInsertRowid } = db
          .prepare('INSERT INTO task (conversation, run, goal, folder, created_at) VALUES (?, ?, ?, ?, ?)')
          .run(conversation, run.id, goal, folder, now());
        return get(Number(lastInsertRowid));
      }),
    get,
    ofRun,
    list: () =>
      db
        .prepare<Row>(`${query} ORDER BY id DESC`)
        .all()
        .map((row) => view(runs, row)),
  };
}

function view(runs: RunStore, row: Row): Task {
  const run = runs.get(row.run);
  return {
    id: row.id,
    conversation: row.conversation,
    run: row.run,
    goal: row.goal,
    folder: row.folder,
    model: run.model,
    state: run.state,
    waitingFor: run.waitingFor,
    steps: run.steps,
    current: run.current,
    unknownCalls: run.unknownCalls,
    createdAt: row.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    result: run.endedAt === null ? '' : (runs.entries.last(run.id, 'reply')?.body.text ?? ''),
    fault: run.fault,
    usage: run.usage,
  };
}

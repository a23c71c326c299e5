// Tasks and the clock: begins what is due, and what the person asks of a task's schedule.
import type { RunId, TaskId } from '../contract/id.ts';
import type { Task } from '../contract/task.ts';
import type { Log } from '../log.ts';
import { createScheduler, type Scheduler } from '../schedule/scheduler.ts';
import type { Run } from './store.ts';
import type { Tasks } from './tasks.ts';

export type Clock = {
  /** Settles what passed while nobody watched, then keeps watching. */
  start(): void;
  /** Begins what is due now, without spreading it out. */
  catchUp(): void;
  /** The computer woke up, or its clock or zone was set. */
  wake(): void;
  /** A task was added. */
  added(task: Task): void;
  /** A run of a task has ended: tasks that wait for it may be due. */
  ended(run: Run): void;
  runNow(task: TaskId): Task;
  pause(task: TaskId): Task;
  resume(task: TaskId): Task;
  /** Its runs must have ended. */
  remove(task: TaskId): void;
  /** May be called twice. */
  stop(): void;
};

export type ClockParts = {
  readonly tasks: Tasks;
  readonly log: Log;
  now(): number;
  /** Runs were queued. */
  onRuns(runs: readonly RunId[]): void;
  /** The task looks different now. */
  onTask(task: Task): void;
};

export function createClock({ tasks, log, now, onRuns, onTask }: ClockParts): Clock {
  let scheduler: Scheduler | null = null;
  const shown = (task: Task): Task => {
    onTask(task);
    scheduler?.changed();
    return task;
  };
  const begun = (runs: readonly Run[], task: TaskId): Task => {
    onRuns(runs.map(({ id }) => id));
    return shown(tasks.get(task));
  };
  return {
    start: () => {
      tasks.rewind(now());
      scheduler ??= createScheduler({
        dueBy: tasks.dueBy,
        nextAfter: tasks.nextAfter,
        onDue: (occurrence, at) => {
          begun(tasks.fire(occurrence, at), occurrence.task);
        },
        onTrouble: (trouble) => {
          if (trouble.type === 'failed') return log.error('task.fire', trouble.error, { task: trouble.occurrence?.task });
          log.warn(`clock.${trouble.type}`);
          if (trouble.type === 'clock-moved' && trouble.ms < 0) tasks.rewind(now());
        },
        now,
        elapsed: () => performance.now(),
        setTimer: (ms, fire) => {
          const timer = setTimeout(fire, ms);
          timer.unref();
          return () => clearTimeout(timer);
        },
      });
    },
    catchUp: () => {
      const at = now();
      for (const occurrence of tasks.dueBy(at)) begun(tasks.fire(occurrence, at), occurrence.task);
    },
    wake: () => scheduler?.wake(),
    added: shown,
    ended: ({ task, state }) => {
      if (task === null || state !== 'done') return;
      for (const run of tasks.ended(task)) begun([run], run.task ?? task);
    },
    runNow: (task) => begun([tasks.runNow(task)], task),
    pause: (task) => shown(tasks.pause(task)),
    resume: (task) => shown(tasks.resume(task)),
    remove: (task) => {
      tasks.remove(task);
      scheduler?.changed();
    },
    stop: () => scheduler?.stop(),
  };
}

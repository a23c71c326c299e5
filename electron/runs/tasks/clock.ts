// Tasks and the clock: begins what is due, and what the person asks of a task's schedule.
import type { RunId, TaskId } from '../../contract/id.ts';
import type { Task } from '../../contract/task.ts';
import type { Log } from '../../log.ts';
import { createScheduler, type Scheduler } from '../../schedule/scheduler.ts';
import type { Run } from '../store.ts';
import type { Firings } from './firings.ts';
import type { Tasks } from './store.ts';

export type Clock = {
  /** Settles what passed while nobody watched, then keeps watching. */
  start(): void;
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
  readonly firings: Firings;
  readonly log: Log;
  now(): number;
  /** Runs were queued. */
  onRuns(runs: readonly RunId[]): void;
  /** The task looks different now. */
  onTask(task: Task): void;
};

export function createClock({ tasks, firings, log, now, onRuns, onTask }: ClockParts): Clock {
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
      firings.rewind(now());
      scheduler ??= createScheduler({
        dueBy: firings.dueBy,
        nextAfter: firings.nextAfter,
        onDue: (occurrence, at) => {
          begun(firings.fire(occurrence, at), occurrence.task);
        },
        onTrouble: (trouble) => {
          if (trouble.type === 'failed') return log.error('task.fire', trouble.error, { task: trouble.occurrence?.task });
          log.warn(`clock.${trouble.type}`);
          if (trouble.type === 'clock-moved' && trouble.ms < 0) firings.rewind(now());
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
    wake: () => scheduler?.wake(),
    added: shown,
    ended: ({ task, state }) => {
      if (task === null || state !== 'done') return;
      for (const run of firings.follow(task)) begun([run], run.task ?? task);
    },
    runNow: (task) => begun([firings.runNow(task)], task),
    pause: (task) => shown(firings.pause(task)),
    resume: (task) => shown(firings.resume(task)),
    remove: (task) => {
      firings.remove(task);
      scheduler?.changed();
    },
    stop: () => scheduler?.stop(),
  };
}

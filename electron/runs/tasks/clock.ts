// Tasks and the clock: begins what is due by time, by another task or by a file that changed, and does what the person asks of a schedule.
import { type Fault, fault } from '../../contract/fault.ts';
import type { RunId, TaskId } from '../../contract/id.ts';
import type { Task } from '../../contract/task.ts';
import type { Log } from '../../log.ts';
import { createChanges } from '../../schedule/changes/changes.ts';
import { createScheduler, type Scheduler, type Trouble } from '../../schedule/scheduler.ts';
import { findLocalZone } from '../../schedule/time/zone.ts';
import type { Books } from '../books.ts';
import type { Run } from '../store.ts';

export type Clock = ReturnType<typeof createClock>;

export type ClockParts = Pick<Books, 'tasks' | 'firings' | 'now'> & {
  readonly log: Log;
  /** Runs were queued. */
  onRuns(runs: readonly RunId[]): void;
  /** The task looks different now. */
  onTask(task: Task): void;
  /** What the person should be told, such as that the clock is wrong. */
  onNotice(notice: Fault): void;
};

export function createClock(parts: ClockParts) {
  const { tasks, firings, log, now, onRuns, onTask } = parts;
  let scheduler: Scheduler | null = null;
  const changes = createChanges({
    watched: firings.watched,
    onLook: (task, look) => void shown(firings.noticed(task, look)),
    onTrouble: (error, task) => log.error('task.watch', error, { task }),
  });
  const shown = (task: Task): Task => {
    onTask(task);
    scheduler?.changed();
    return task;
  };
  const begun = (runs: readonly Run[], task: TaskId): Task => {
    onRuns(runs.map(({ id }) => id));
    return shown(tasks.get(task));
  };
  const begunBy = (runs: readonly Run[]): void => {
    for (const run of runs) if (run.task !== null) begun([run], run.task);
  };
  const catchUp = ({ id, schedule }: Task): Task => {
    if (schedule.type === 'after-change') changes.look();
    const awaited = schedule.type === 'after' ? tasks.rows(`id = ? AND state <> 'removed'`, schedule.task) : [];
    for (const { id: first } of awaited) if (tasks.get(first).state === 'done') begunBy(firings.follow(first));
    return tasks.get(id);
  };
  return {
    /** Settles what passed while nobody watched, then keeps watching. */
    start: (): void => {
      firings.rewind(now());
      changes.start();
      scheduler ??= beginScheduler(parts, begun);
    },
    /** The computer woke up, or its clock or zone was set. */
    wake: (): void => {
      scheduler?.wake();
      changes.look();
    },
    added: (task: Task): void => void catchUp(shown(task)),
    begun: begunBy,
    runNow: (task: TaskId): Task => begun([firings.runNow(task)], task),
    pause: (task: TaskId): Task => shown(firings.pause(task)),
    resume: (task: TaskId): Task => catchUp(shown(firings.resume(task))),
    /** Its runs must have ended. */
    remove: (task: TaskId): void => {
      for (const follower of firings.remove(task)) onTask(follower);
      scheduler?.changed();
    },
    /** Resolves when nothing more is looked at. May be called twice. */
    stop: (): Promise<void> => {
      scheduler?.stop();
      return changes.stop();
    },
  };
}

function beginScheduler(parts: ClockParts, begun: (runs: readonly Run[], task: TaskId) => Task): Scheduler {
  const { firings, now } = parts;
  return createScheduler({
    dueBy: firings.dueBy,
    nextAfter: firings.nextAfter,
    onDue: (occurrence, at) => void begun(firings.fire(occurrence, at), occurrence.task),
    onTrouble: (trouble) => meet(parts, trouble),
    now,
    elapsed: () => performance.now(),
    zone: findLocalZone,
    setTimer: (ms, fire) => {
      const timer = setTimeout(fire, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  });
}

function meet({ tasks, firings, log, now, onTask, onNotice }: ClockParts, trouble: Trouble): void {
  if (trouble.type === 'failed') log.error('task.fire', trouble.error, { task: trouble.occurrence?.task });
  else log.warn(`clock.${trouble.type}`);
  if (trouble.type === 'clock-moved' && trouble.ms < 0) firings.rewind(now());
  if (trouble.type === 'clock-wrong') onNotice(fault('app.clock-wrong', { year: new Date(trouble.now).getUTCFullYear() }));
  // Their words name the person's own zone.
  if (trouble.type === 'zone-moved') for (const { id } of tasks.rows(`state = 'active' AND schedule ->> '$.type' = 'at'`)) onTask(tasks.get(id));
}

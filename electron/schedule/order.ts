// Tasks that wait for other tasks: finds the circle in which each would wait for the next for ever.
import type { TaskId } from '../contract/id.ts';

/**
 * The circle that would close if `task` (null where it has no number yet) waited for `after`: the tasks in waiting order, or null where
 * there is none. `awaitedBy` names the task that a task waits for.
 */
export function findCircle(task: TaskId | null, after: TaskId, awaitedBy: (task: TaskId) => TaskId | null): TaskId[] | null {
  const waiting: TaskId[] = task === null ? [] : [task];
  for (let next: TaskId | null = after; next !== null; next = awaitedBy(next)) {
    const met = waiting.indexOf(next);
    if (met >= 0) return waiting.slice(met);
    waiting.push(next);
  }
  return null;
}

/** "t1 waits for t2, t2 waits for t3, t3 waits for t1: none of them would ever start." */
export function sayCircle(circle: readonly TaskId[]): string {
  const links = circle.map((task, index) => `t${task} waits for t${circle[(index + 1) % circle.length]}`);
  return circle.length === 1 ? `t${circle[0]} would wait for itself and never start.` : `${links.join(', ')}: none of them would ever start.`;
}

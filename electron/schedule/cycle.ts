// Tasks that wait for each other in a circle would all wait for ever.
import type { TaskId } from '../contract/id.ts';
import type { Schedule } from '../contract/schedule.ts';

/**
 * Why `task` can't be given this schedule, as a sentence; null where it can. `scheduleOf` answers null for a task that is gone. Pure; takes
 * bounded time also where the others already wait in a circle.
 */
export function cycleTrouble(task: TaskId, schedule: Schedule, scheduleOf: (task: TaskId) => Schedule | null): string | null {
  const path = [task];
  for (let next: Schedule | null = schedule; next?.type === 'after'; next = scheduleOf(next.task)) {
    if (next.task === task) return saying([...path, task]);
    if (path.includes(next.task)) return null;
    path.push(next.task);
  }
  return null;
}

function saying(circle: readonly TaskId[]): string {
  const [first = 0, second = 0, ...rest] = circle;
  const others = rest.map((id) => `, which waits for t${id}`).join('');
  if (first === second) return `t${first} would wait for itself and never begin. Choose another task.`;
  return `t${first} would wait for t${second}${others}: none of them would ever begin. Choose another task.`;
}

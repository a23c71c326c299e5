// The tools about tasks: handing work over to the background, now or at a time.
import { z } from 'zod';
import type { Task } from '../../contract/task.ts';
import { type ScheduleToolParts, scheduleTask } from '../../schedule/tools.ts';
import type { Tool } from '../../tools/tool.ts';

const parameters = z.object({ goal: z.string().min(1).describe('what must be achieved, complete in itself') });

/** Both tools of this part. */
export function taskTools(parts: ScheduleToolParts): readonly Tool[] {
  return [startTask((goal, key) => parts.add(goal, { type: 'now' }, key)) as Tool, scheduleTask(parts) as Tool];
}

/** Without a run behind them: for titles and prompts only. */
export const describedTaskTools = taskTools({
  add: () => {
    throw new Error('no run to add a task from');
  },
  now: Date.now,
  language: () => 'en',
});

/** `add` creates the task; called again with the same key it returns the task of the first time, so that a crash can't start it twice. */
function startTask(add: (goal: string, key: string) => Task): Tool<z.infer<typeof parameters>> {
  return {
    name: 'start_task',
    description: 'Hand work to the background; it goes on while the person chats, and its result is posted here.',
    parameters,
    effect: 'repeatable',
    asks: false,
    title: ({ goal }) => goal,
    prepare: async ({ goal }, place) => ({ title: goal, payload: goal, before: null, scope: place.folder ?? '' }),
    run: async ({ goal }, place) => {
      const task = add(goal, `${place.scratch} ${goal}`);
      return { ok: true, output: `Task ${task.id} has been started and goes on in the background. Its result will be posted here. Do not wait for it.` };
    },
  };
}

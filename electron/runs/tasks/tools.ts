// The tools about tasks: handing work over to the background, now or at a time.
import { z } from 'zod';
import { checksParameter, readChecks, type ScheduleToolParts, scheduleTask } from '../../schedule/tools.ts';
import { type Tool, ToolRefusal } from '../../tools/tool.ts';

const parameters = z.object({
  goal: z.string().min(1).describe('what must be achieved, complete in itself'),
  checks: checksParameter.describe('as in schedule_task, without run'),
});

/** Both tools of this part. */
export function taskTools(parts: ScheduleToolParts): readonly Tool[] {
  return [startTask(parts) as Tool, scheduleTask(parts) as Tool];
}

/** Without a run behind them: for titles and prompts only. */
export const describedTaskTools = taskTools({
  add: () => {
    throw new Error('no run to add a task from');
  },
  grants: [],
  now: Date.now,
  language: () => 'en',
});

/** Called again with the same arguments it is the task of the first time, so that a crash can't start it twice. */
function startTask({ add }: Pick<ScheduleToolParts, 'add'>): Tool<z.infer<typeof parameters>> {
  return {
    name: 'start_task',
    description: 'Hand work to the background; it goes on while the person chats, and its result is posted here.',
    parameters,
    effect: 'repeatable',
    asks: false,
    title: ({ goal }) => goal,
    prepare: async ({ goal, checks }, place) => {
      // Nobody sees this call before it runs, so nothing in it may run a command.
      if (readChecks(checks).some(({ type }) => type === 'command'))
        throw new ToolRefusal('A command can not be a check of start_task. Check a file, or let the task run the command as a step.');
      return { title: goal, payload: goal, before: null, scope: place.folder ?? '' };
    },
    run: async ({ goal, checks }, place) => {
      const task = await add({ goal, schedule: { type: 'now' }, checks: readChecks(checks) }, `${place.scratch} ${goal}`);
      return { ok: true, output: `Task ${task.id} has been started and goes on in the background. Its result will be posted here. Do not wait for it.` };
    },
  };
}

// The tool that this part brings: work for a later time, or for every such time. The person confirms the schedule as it was understood.
import { z } from 'zod';
import type { Schedule } from '../contract/schedule.ts';
import type { Task } from '../contract/task.ts';
import { type CallPlace, type Tool, ToolRefusal } from '../tools/tool.ts';
import { parseSchedule } from './parse.ts';
import { localZone } from './time/zone.ts';
import { sayInWords, sayNextTimes } from './words.ts';

const parameters = z.strictObject({
  goal: z.string().min(1),
  at: z.string().optional().describe('such as "2026-11-22 09:00", "tomorrow 9:00" or "in 20 minutes"'),
  every: z.string().optional().describe('such as "2h" or "1d"'),
  cron: z.string().optional().describe('five fields, such as "0 9 * * 1-5"'),
  after: z.string().optional().describe('a task such as "t5", or a path: whenever it changes'),
});
type Arguments = z.infer<typeof parameters>;

export type ScheduleToolParts = {
  /** Called again with the same key it returns the task of the first time, so that a crash can't add it twice. */
  add(goal: string, schedule: Schedule, key: string): Task;
  now(): number;
  /** The language in which the person confirms. */
  language(): 'en' | 'zh';
};

export function scheduleTask(parts: ScheduleToolParts): Tool<Arguments> {
  const read = ({ at, every, cron, after }: Arguments, { folder }: CallPlace): Schedule => {
    const parsed = parseSchedule({ at, every, cron, after }, { now: parts.now(), zone: localZone(), folder });
    if (!parsed.ok) throw new ToolRefusal(parsed.reason);
    if (parsed.value.type === 'now') throw new ToolRefusal('Say when: at, every, cron or after. For now there is start_task.');
    return parsed.value;
  };
  return {
    name: 'schedule_task',
    description: 'Adds a task for later (at, after) or again and again (every, cron); it runs in the background.',
    parameters,
    effect: 'repeatable',
    asks: true,
    title: ({ goal }) => goal,
    prepare: async (args, place) => confirmation(parts, args, read(args, place), place),
    run: async (args, place) => {
      const task = parts.add(args.goal, read(args, place), `${place.scratch} ${JSON.stringify(args)}`);
      return { ok: true, output: `Task ${task.id} is scheduled: ${task.words.en}. Its results will be posted here.` };
    },
  };
}

/** What is agreed to holds for these words and this schedule only. An `at` in minutes from now moves with the clock, so its words do not. */
function confirmation({ now, language }: ScheduleToolParts, args: Arguments, schedule: Schedule, place: CallPlace) {
  const speech = { language: language(), zone: localZone(), now: now() };
  const relative = schedule.type === 'at' || schedule.type === 'every';
  const times = relative ? [] : sayNextTimes(schedule, speech);
  const when = [args.at, args.every, args.cron, args.after].find((text) => text !== undefined) ?? '';
  const words = schedule.type === 'at' ? when : `${sayInWords(schedule, speech)} · ${when}`;
  return { title: args.goal, payload: [args.goal, words, ...times].join('\n'), before: null, scope: JSON.stringify([place.folder, args]) };
}

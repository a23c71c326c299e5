// The tools that this part brings: work handed to the background, now or for a later time, or for every such time. The person confirms a schedule as it was understood.
import { z } from 'zod';
import type { Check } from '../contract/acceptance.ts';
import { fault } from '../contract/fault.ts';
import type { TaskGrant } from '../contract/grant.ts';
import type { Schedule } from '../contract/schedule.ts';
import type { Task } from '../contract/task.ts';
import { sayCheck, sayGrant } from '../contract/words.ts';
import { readChecks } from '../tools/checks/grammar.ts';
import { type CallPlace, type Tool, ToolRefusal } from '../tools/tool.ts';
import { parseSchedule } from './parse.ts';
import { localZone } from './time/zone.ts';
import { sayInWords, sayNextTimes } from './words.ts';

const texts = z.array(z.string()).optional();
const started = z.object({
  goal: z.string().min(1).describe('what must be achieved, complete in itself'),
  // Told once, because every word costs prompt.
  checks: texts.describe('as in schedule_task, without run'),
});
const parameters = z.strictObject({
  goal: z.string().min(1),
  at: z.string().optional().describe('such as "2026-11-22 09:00", "tomorrow 9:00" or "in 20 minutes"'),
  every: z.string().optional().describe('such as "2h" or "1d"'),
  cron: z.string().optional().describe('five fields, such as "0 9 * * 1-5"'),
  after: z.string().optional().describe('a task such as "t5", or a path: whenever it changes'),
  until_done: z.string().optional().describe('pause between rounds, such as "15m"'),
  checks: texts.describe('what proves it done, such as: file a.txt; file a.txt matches ^ok; count *.md 3; run npm test'),
});
type Arguments = z.infer<typeof parameters>;

type NewTaskWords = { readonly goal: string; readonly schedule: Schedule; readonly checks: readonly Check[] };

export type TaskToolParts = {
  /** Called again with the same key it returns the task of the first time, so that a crash can't add it twice. */
  add(task: NewTaskWords, key: string): Promise<Task>;
  /** What the task will be allowed without asking. */
  readonly grants: readonly TaskGrant[];
  now(): number;
  /** The language in which the person confirms. */
  language(): 'en' | 'zh';
};

export function taskTools(parts: TaskToolParts): readonly Tool[] {
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

/** Called again with the same arguments it is the task of the first time, so that a crash can't start it twice. Nobody sees the call before it runs, so nothing in it may run a command. */
function startTask({ add }: Pick<TaskToolParts, 'add'>): Tool<z.infer<typeof started>> {
  return {
    name: 'start_task',
    description: 'Hand work to the background; it goes on while the person chats, and its result is posted here.',
    parameters: started,
    effect: 'repeatable',
    asks: false,
    title: ({ goal }) => goal,
    prepare: async ({ goal, checks }, place) => {
      readChecks(checks, false);
      return { title: goal, payload: goal, before: null, scope: place.folder ?? '' };
    },
    run: async ({ goal, checks }, place) => {
      const task = await add({ goal, schedule: { type: 'now' }, checks: readChecks(checks, false) }, `${place.scratch} ${goal}`);
      return { ok: true, output: `Task ${task.id} has been started and goes on in the background. Its result will be posted here. Do not wait for it.` };
    },
  };
}

export function scheduleTask(parts: TaskToolParts): Tool<Arguments> {
  const read = ({ goal, at, every, cron, after, until_done: untilDone, checks }: Arguments, { folder }: CallPlace): NewTaskWords => {
    const parsed = parseSchedule({ at, every, cron, after, untilDone }, { now: parts.now(), zone: localZone(), folder });
    if (!parsed.ok) throw new ToolRefusal(parsed.fault);
    if (parsed.value.type === 'now') throw new ToolRefusal('Say when: at, every, cron, after or until_done. For now there is start_task.');
    const wanted = readChecks(checks);
    if (folder === null && wanted.length > 0) throw new ToolRefusal(fault('check.no-folder'));
    return { goal, schedule: parsed.value, checks: wanted };
  };
  return {
    name: 'schedule_task',
    description: 'Adds a task for later (at, after) or again and again (every, cron, until_done); it runs in the background.',
    parameters,
    effect: 'repeatable',
    asks: true,
    title: ({ goal }) => goal,
    prepare: async (args, place) => confirmation(parts, args, read(args, place), place),
    run: async (args, place) => {
      const task = await parts.add(read(args, place), `${place.scratch} ${JSON.stringify(args)}`);
      return { ok: true, output: `Task ${task.id} is scheduled: ${task.words.en}. Its results will be posted here.` };
    },
  };
}

const confirmed = {
  en: {
    check: 'Done when: ',
    judged: 'Done when the assistant, looking again, finds it done',
    grant: 'Without asking: ',
    asks: 'Asks you before it changes anything',
  },
  zh: { check: '完成条件：', judged: '助手重新检查后认为完成，才算完成', grant: '不必询问：', asks: '更改任何东西之前都会先问你' },
} as const;

/** What is agreed to holds for these words and this schedule only. An `at` in minutes from now moves with the clock, so its words do not. */
function confirmation({ now, language, grants }: TaskToolParts, args: Arguments, { schedule, checks }: NewTaskWords, place: CallPlace) {
  const speech = { language: language(), zone: localZone(), now: now() };
  const words = confirmed[language()];
  const when = [args.at, args.every, args.cron, args.after].find((text) => text !== undefined);
  const moves = schedule.type === 'every' || /^(in |\+)|[后]$/i.test(args.at?.trim() ?? '');
  const said = [...(schedule.type === 'at' && moves ? [] : [sayInWords(schedule, speech)]), ...(when === undefined ? [] : [when])].join(' · ');
  const lines = [
    args.goal,
    said,
    ...(moves || schedule.type === 'at' ? [] : sayNextTimes(schedule, speech)),
    ...(checks.length === 0 ? [words.judged] : checks.map((check) => `${words.check}${sayCheck(check)}`)),
    ...(grants.length === 0 ? [words.asks] : grants.map((grant) => `${words.grant}${sayGrant(grant)}`)),
  ];
  return { title: args.goal, payload: lines.join('\n'), before: null, scope: JSON.stringify([place.folder, args]) };
}

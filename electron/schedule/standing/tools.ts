// The tools for what is scheduled already: list it, move it to another time, cancel it. For models that know the window's panel only by these words; the person confirms each change.
import { z } from 'zod';
import type { TaskId } from '../../contract/id.ts';
import type { Schedule } from '../../contract/schedule.ts';
import type { Task } from '../../contract/task.ts';
import { type Tool, ToolRefusal } from '../../tools/tool.ts';
import { parseSchedule } from '../parse.ts';
import { readSpoken } from '../time/spoken.ts';
import { localZone } from '../time/zone.ts';

export type ScheduledParts = {
  /** What is still to come, oldest first. */
  tasks(): readonly Task[];
  /** Null removes it. */
  change(task: TaskId, schedule: Schedule | null): void;
  now(): number;
  language(): 'en' | 'zh';
};

const parameters = z.strictObject({
  task: z.string().min(1).describe('such as "t5", "second", "all", or words of its goal'),
  at: z.string().optional().describe('the new time; without it the task is cancelled'),
});
type Arguments = z.infer<typeof parameters>;

export function scheduledTools(parts: ScheduledParts): readonly Tool[] {
  return [listTasks(parts) as Tool, changeTask(parts) as Tool];
}

/** Without a run behind them: for titles only. */
export const describedScheduledTools = scheduledTools({ tasks: () => [], change: () => undefined, now: Date.now, language: () => 'en' });

function listTasks({ tasks, language }: ScheduledParts): Tool<Record<string, never>> {
  const lines = () => tasks().map((task, at) => `${at + 1}. ${task.goal} (${task.words[language()]}, t${task.id})`);
  return {
    name: 'list_tasks',
    description: 'Lists the scheduled tasks and reminders.',
    parameters: z.strictObject({}),
    effect: 'none',
    asks: false,
    title: () => '',
    prepare: async () => ({ title: '', payload: '', before: null, scope: '' }),
    run: async () => ({ ok: true, output: lines().join('\n') || (language() === 'zh' ? '没有安排。' : 'Nothing is scheduled.') }),
  };
}

function changeTask(parts: ScheduledParts): Tool<Arguments> {
  const wanted = ({ task, at }: Arguments) =>
    meant(task, parts.tasks()).map((each) => ({ task: each, schedule: at === undefined ? null : newSchedule(each, at, parts.now()) }));
  return {
    name: 'change_task',
    description: 'Moves a scheduled task to another time, or cancels it.',
    parameters,
    effect: 'repeatable',
    asks: true,
    title: ({ task, at }) => (at === undefined ? `✕ ${task}` : `${task} → ${at}`),
    prepare: async (args) => {
      const payload = wanted(args).map(shown(args)).join('\n');
      return { title: payload.replaceAll('\n', ', ').slice(0, 200), payload, before: null, scope: payload };
    },
    run: async (args) => {
      const changed = wanted(args);
      for (const { task, schedule } of changed) parts.change(task.id, schedule);
      return { ok: true, output: changed.map(shown(args)).join('\n') };
    },
  };
}

function shown({ at }: Arguments): (changed: { readonly task: Task }) => string {
  return ({ task: { goal, id } }) => (at === undefined ? `✕ ${goal} (t${id})` : `${goal} (t${id}) → ${at}`);
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'];
const digits = '一二三四五六七八九';

/** Never guesses: where several or none are meant, it says which there are. */
function meant(words: string, tasks: readonly Task[]): readonly Task[] {
  const text = words.trim().toLowerCase();
  if (/^(all|every|everything|所有|全部|一切)/.test(text)) return tasks;
  const id = /^t(\d+)$/.exec(text)?.[1];
  const nth = /^第?(\d+|[一二三四五六七八九])(?:st|nd|rd|th|号|个|条|项)?$/.exec(text)?.[1] ?? '·';
  const place = Number(nth) || digits.indexOf(nth) + 1 || ordinals.indexOf(text) + 1 || (/^(last|最后一?[个条])$/.test(text) ? tasks.length : 0);
  const parts = text.replace(/^(the|my|a) /, '').split(' ');
  const found = tasks.filter((task, at) => {
    if (id !== undefined) return String(task.id) === id;
    return place > 0 ? at === place - 1 : parts.every((part) => task.goal.toLowerCase().includes(part));
  });
  if (found.length === 1) return found;
  const said = found.length === 0 ? `Nothing scheduled is called "${words}".` : `"${words}" could be any of these; say t and the number.`;
  const listed = (found.length === 0 ? tasks : found).slice(0, 10).map(({ goal, id: number }) => `- ${goal} (t${number})`);
  throw new ToolRefusal([said, ...listed].join('\n'));
}

function newSchedule(task: Task, at: string, now: number): Schedule {
  // "By two days" counts from when it was due, "in two days" from now.
  const spoken = /^(?:in|after)\b|^再?过|后$|from now/.test(at) ? null : readSpoken(at, now, localZone());
  if (spoken?.type === 'length' && task.schedule.type === 'at') return { type: 'at', at: task.schedule.at + spoken.ms };
  const parsed = parseSchedule({ at }, { now, zone: localZone(), folder: null });
  if (!parsed.ok) throw new ToolRefusal(parsed.fault.message);
  return parsed.value;
}

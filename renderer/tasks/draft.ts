// A task as it stands in the form: from a task that is edited, from a call that asks for one, and to what is sent.
import type { ApprovalId, ConversationId, ModelId, TaskId } from '../../electron/contract/id.ts';
import type { RequestInput } from '../../electron/contract/request.ts';
import type { Schedule } from '../../electron/contract/schedule.ts';
import type { ReadTask, Task } from '../../electron/contract/task.ts';
import { sayCheck, sayGrant } from '../../electron/contract/words.ts';

export const ways = ['now', 'at', 'every', 'cron', 'until-done', 'after'] as const;
export const policies = ['once', 'skip', 'all', 'within'] as const;

export interface Draft {
  /** The task that is edited, or the question in whose place this one is added. */
  readonly task: TaskId | null;
  readonly instead: ApprovalId | null;
  readonly conversation: ConversationId | null;
  readonly goal: string;
  readonly folder: string | null;
  readonly model: ModelId | null;
  readonly way: (typeof ways)[number];
  readonly when: string;
  readonly zone: string;
  /** The schedule of a task that is edited; while it stands like this it is not sent, so that it keeps its rhythm. */
  readonly kept: string | null;
  readonly missed: (typeof policies)[number];
  readonly within: string;
  /** One a line. */
  readonly checks: string;
  readonly grants: string;
  readonly budget: { readonly tokens: number; readonly minutes: number; readonly steps: number };
}

export const blankDraft: Draft = {
  task: null,
  instead: null,
  conversation: null,
  goal: '',
  folder: null,
  model: null,
  way: 'now',
  when: '',
  zone: '',
  kept: null,
  missed: 'once',
  within: '',
  checks: '',
  grants: '',
  budget: { tokens: Number.NaN, minutes: Number.NaN, steps: Number.NaN },
};

export function draftOf(task: Task): Draft {
  const { id, conversation, goal, folder, model, missed } = task;
  const when = whenOf(task.schedule);
  return {
    ...blankDraft,
    ...{ task: id, conversation, goal, folder, model, missed: missed.type, ...when },
    kept: JSON.stringify([when.way, when.when, when.zone]),
    within: missed.type === 'within' ? lengthText(missed.ms) : '',
    checks: task.checks.map(sayCheck).join('\n'),
    grants: task.grants.map(sayGrant).join('\n'),
    budget: { tokens: task.budget.tokens ?? Number.NaN, minutes: task.budget.minutes ?? Number.NaN, steps: task.budget.steps ?? Number.NaN },
  };
}

/** What a call of schedule_task asked for, as the model wrote it. */
export function draftOfCall(json: string): Draft {
  const asked = JSON.parse(json) as { readonly goal: string; readonly checks?: string[] } & Readonly<Record<string, string | undefined>>;
  const given = (
    [
      ['at', 'at'],
      ['every', 'every'],
      ['cron', 'cron'],
      ['until-done', 'until_done'],
    ] as const
  ).find(([, name]) => asked[name] != null);
  const way = given?.[0] ?? 'at';
  return { ...blankDraft, goal: asked.goal, way, when: asked[given?.[1] ?? 'at'] ?? '', checks: (asked.checks ?? []).join('\n') };
}

/** What code is asked to read. */
export function typedOf(draft: Draft): RequestInput<'task.read'> {
  const { way, when, zone, missed, within } = draft;
  const names = { at: 'at', every: 'every', cron: 'cron', after: 'after', 'until-done': 'untilDone' } as const;
  const isRead = way !== 'now' && !keepsSchedule(draft);
  return {
    ...(isRead ? { [names[way]]: way === 'until-done' && when.trim() === '' ? true : when } : {}),
    ...(isRead && zone.trim() !== '' && (way === 'at' || way === 'cron') ? { zone: zone.trim() } : {}),
    missed: missed === 'within' ? `within:${within}` : missed,
    checks: linesOf(draft.checks),
    grants: linesOf(draft.grants),
  };
}

export function keepsSchedule({ kept, way, when, zone }: Draft): boolean {
  return kept === JSON.stringify([way, when, zone]);
}

/** What is sent once it was read. */
export function sentOf(draft: Draft, { schedule, missed, checks, grants }: ReadTask) {
  const { goal, folder, model, budget } = draft;
  const amounts = Object.fromEntries(Object.entries(budget).filter(([, amount]) => amount > 0));
  const place = { ...(folder === null ? {} : { folder }), ...(model === null ? {} : { model }) };
  return { goal, ...place, missed, checks, grants, budget: amounts, ...(keepsSchedule(draft) ? {} : { schedule }) };
}

function whenOf(schedule: Schedule): Pick<Draft, 'way' | 'when' | 'zone'> {
  const zone = '';
  switch (schedule.type) {
    case 'now':
      return { way: 'now', when: '', zone };
    case 'at':
      return { way: 'at', when: wallText(schedule.at), zone };
    case 'every':
      return { way: 'every', when: lengthText(schedule.ms), zone };
    case 'cron':
      return { way: 'cron', when: schedule.pattern, zone: schedule.zone };
    case 'until-done':
      return { way: 'until-done', when: lengthText(schedule.pauseMs), zone };
    case 'after':
      return { way: 'after', when: `t${schedule.task}`, zone };
  }
}

/** In the person's own zone: 2026-11-22 09:00. */
function wallText(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16).replace('T', ' ');
}

/** `90m`, `2h`: in the largest unit that fits without a rest. */
function lengthText(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const;
  const [letter, length] = units.find(([, each]) => ms % each === 0) ?? (['s', 1000] as const);
  return `${ms / length}${letter}`;
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

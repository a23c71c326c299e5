// A task as it stands in the form: from a task that is edited, from a call that asks for one, and to what is sent.
import type { ApprovalId, ConversationId, ModelId, TaskId } from '../../electron/contract/id.ts';
import type { RequestInput } from '../../electron/contract/request.ts';
import type { Schedule } from '../../electron/contract/schedule.ts';
import type { ReadTask, Task } from '../../electron/contract/task.ts';
import { sayCheck, sayGrant, wallText } from '../../electron/contract/words.ts';

export const ways = ['now', 'at', 'every', 'cron', 'until-done', 'after'] as const;
export const policies = ['once', 'skip', 'all', 'within'] as const;

export interface Draft {
  /** The task that is edited, or the question in whose place this one is added. */
  readonly task?: TaskId | undefined;
  readonly instead?: ApprovalId | undefined;
  readonly conversation?: ConversationId | undefined;
  readonly goal: string;
  readonly folder?: string | undefined;
  readonly model?: ModelId | undefined;
  readonly way: (typeof ways)[number];
  readonly when: string;
  readonly zone: string;
  /** The schedule of a task that is edited; while it stands like this it is not sent, so that it keeps its rhythm. */
  readonly kept?: string;
  readonly missed: (typeof policies)[number];
  readonly within: string;
  /** One a line. */
  readonly checks: string;
  readonly grants: string;
  readonly budget: { readonly tokens: number; readonly minutes: number; readonly steps: number };
}

export const blankDraft: Draft = {
  goal: '',
  way: 'now',
  when: '',
  zone: '',
  missed: 'once',
  within: '',
  checks: '',
  grants: '',
  budget: { tokens: Number.NaN, minutes: Number.NaN, steps: Number.NaN },
};

export function draftOf(task: Task): Draft {
  const { id, conversation, goal, folder, model, missed, budget } = task;
  const when = whenOf(task.schedule);
  return {
    ...{ ...blankDraft, task: id, conversation, goal, folder: folder ?? undefined, model: model ?? undefined, missed: missed.type, ...when },
    kept: keyOf(when),
    within: missed.type === 'within' ? lengthText(missed.ms) : '',
    checks: task.checks.map(sayCheck).join('\n'),
    grants: task.grants.map(sayGrant).join('\n'),
    budget: { tokens: budget.tokens ?? Number.NaN, minutes: budget.minutes ?? Number.NaN, steps: budget.steps ?? Number.NaN },
  };
}

/** What a call of schedule_task asked for, as the model wrote it. */
export function draftOfCall(json: string): Draft {
  const asked = JSON.parse(json) as { readonly goal: string; readonly checks?: string[] } & Readonly<Record<string, string | undefined>>;
  const given = (['at', 'every', 'cron', 'after', 'until_done'] as const).find((name) => asked[name] != null) ?? 'at';
  const way = given === 'until_done' ? 'until-done' : given;
  return { ...blankDraft, goal: asked.goal, way, when: asked[given] ?? '', checks: (asked.checks ?? []).join('\n') };
}

/** What code is asked to read. */
export function typedOf(draft: Draft): RequestInput<'task.read'> {
  const { way, when, zone, missed, within, folder } = draft;
  const isRead = way !== 'now' && !keepsSchedule(draft);
  return {
    ...(isRead ? { [way === 'until-done' ? 'untilDone' : way]: when.trim() === '' && way === 'until-done' ? true : when } : {}),
    zone: isRead && zone.trim() !== '' && (way === 'at' || way === 'cron') ? zone.trim() : undefined,
    folder,
    missed: missed === 'within' ? `within:${within}` : missed,
    checks: linesOf(draft.checks),
    grants: linesOf(draft.grants),
  };
}

export function keepsSchedule(draft: Draft): boolean {
  return draft.kept === keyOf(draft);
}

/** What is sent once it was read. */
export function sentOf(draft: Draft, { schedule, missed, checks, grants }: ReadTask) {
  const { goal, folder, model } = draft;
  const budget = Object.fromEntries(Object.entries(draft.budget).filter(([, amount]) => amount > 0));
  return { goal, folder, model, missed, checks, grants, budget, schedule: keepsSchedule(draft) ? undefined : schedule };
}

type When = Pick<Draft, 'way' | 'when' | 'zone'>;

function keyOf({ way, when, zone }: When): string {
  return JSON.stringify([way, when, zone]);
}

function whenOf(schedule: Schedule): When {
  const { type: way } = schedule;
  switch (way) {
    case 'now':
      return { way, when: '', zone: '' };
    case 'at':
      return { way, when: wallText(schedule.at), zone: '' };
    case 'every':
      return { way, when: lengthText(schedule.ms), zone: '' };
    case 'cron':
      return { way, when: schedule.pattern, zone: schedule.zone };
    case 'until-done':
      return { way, when: lengthText(schedule.pauseMs), zone: '' };
    case 'after':
      return { way, when: `t${schedule.task}`, zone: '' };
    case 'after-change':
      return { way: 'after', when: schedule.path, zone: '' };
  }
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

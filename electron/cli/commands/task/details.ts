// A task and its report in lines for a terminal: a word for the kind, then tabs.
import type { Check, Evidence } from '../../../contract/acceptance.ts';
import type { Budget, Spent } from '../../../contract/budget.ts';
import type { Plan } from '../../../contract/plan.ts';
import type { Report } from '../../../contract/report.ts';
import type { Task } from '../../../contract/task.ts';
import { fill } from '../../../contract/tell.ts';
import { sayCheck, sayGrant, wallText } from '../../../contract/words.ts';
import type { Session } from '../../session.ts';

export function row({ id, state, waitingFor, paused, steps, goal, schedule }: Task): string {
  const why = paused ? ' (paused)' : waitingFor === null ? '' : ` (${waitingFor === 'time' && schedule.type === 'after' ? `t${schedule.task}` : waitingFor})`;
  return `t${id}\t${state}${why}\t${steps}\t${(goal.split('\n')[0] ?? '').slice(0, 200).toWellFormed()}`;
}

export function sayScheduled({ texts }: Pick<Session, 'texts'>, task: Task): string {
  const next = task.next.map(wallText).join(', ');
  return fill(texts.taskScheduled, { id: task.id, words: texts.language === 'zh' ? task.words.zh : task.words.en, next: next === '' ? '–' : next });
}

/** `report` is that of its run, null where there is none. */
export function taskLines(session: Pick<Session, 'texts'>, task: Task, report: Report | null): string[] {
  const { run, folder, model, grants, budget, spent, plan, current, result, fault } = task;
  const rest = [task.schedule.type === 'now' ? '' : sayScheduled(session, task), folder, model, current].filter((line) => line !== null && line !== '');
  return [
    row(task),
    ...(run === null ? [] : [`run r${run}`]),
    ...rest.map(String),
    ...planLines(plan),
    ...checkLines(task.checks.length > 0 ? task.checks : plan.checks, report?.evidence ?? task.evidence),
    ...grants.map((grant) => `grant\t${sayGrant(grant)}`),
    ...budgetLines(budget, spent),
    ...(report === null ? [] : reportLines(report)),
    ...(result === '' ? [] : [result]),
    ...(fault === null ? [] : [fault.message]),
  ];
}

export function planLines({ steps, constraints, obligations }: Plan): string[] {
  const marks = { todo: '[ ]', doing: '[>]', done: '[x]', dropped: '[-]' } as const;
  return [
    ...steps.map(({ text, state }) => `plan\t${marks[state]} ${text}`),
    ...constraints.map((text) => `rule\t${text}`),
    ...obligations.map(({ text, open }) => `owed\t${open ? '[ ]' : '[x]'} ${text}`),
  ];
}

export function evidenceLine({ check, ok, detail }: Evidence): string {
  return `check\t${ok ? 'ok' : 'FAIL'}\t${check.type === 'judgement' ? 'self-checked' : sayCheck(check)}\t${detail.replaceAll('\n', ' ')}`;
}

/** Each check with what was found, if anything was yet. */
function checkLines(checks: readonly Check[], evidence: readonly Evidence[]): string[] {
  return evidence.length > 0 ? evidence.map(evidenceLine) : checks.map((check) => `check\t–\t${sayCheck(check)}`);
}

function budgetLines(budget: Budget, spent: Spent): string[] {
  const parts = (['tokens', 'minutes', 'steps'] as const).flatMap((unit) =>
    budget[unit] === undefined ? [] : [`${Math.round(spent[unit] * 10) / 10}/${budget[unit]} ${unit}`],
  );
  return parts.length === 0 ? [] : [`budget\t${parts.join('\t')}`];
}

function reportLines({ files, incomplete, unknown, spent, usage }: Report): string[] {
  return [
    ...files.map(({ path, change }) => `file\t${change}\t${path}`),
    ...(incomplete ? ['file\t?\tThe folder is too large to be compared: commands may have changed more.'] : []),
    ...unknown.map((title) => `unknown\t${title}`),
    `cost\t${spent.tokens} tokens\t${spent.steps} steps\t${Math.round(spent.minutes * 600) / 10} s\t${usage?.model ?? ''}`,
  ];
}

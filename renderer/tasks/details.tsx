// What stands behind a task's card: its plan with ticks, its rules and debts, its checks and how they stand, what it may do and use, and its record.
import { useEffect, useState } from 'react';
import type { Check, Evidence } from '../../electron/contract/acceptance.ts';
import type { UnaskedCall } from '../../electron/contract/grant.ts';
import type { Firing } from '../../electron/contract/schedule.ts';
import type { Task } from '../../electron/contract/task.ts';
import { sayCheck, sayGrant } from '../../electron/contract/words.ts';
import { useParts } from '../state/context.tsx';
import { count, moment } from '../texts/figures.ts';
import { type Say, type Texts, useTexts } from '../texts/texts.ts';
import { Part, type PartRow } from './part.tsx';

/** The newest, of what may be a long list. */
const shownOfRecord = 20;

export function TaskDetails({ task }: { readonly task: Task }) {
  const { say, tell, locale } = useTexts();
  const { plan, grants, budget, spent } = task;
  const record = useRecord(task);
  const used = (['tokens', 'minutes', 'steps'] as const).flatMap((unit) => {
    const limit = budget[unit];
    return limit === undefined ? [] : [{ text: say(`task.used.${unit}`, { used: count(spent[unit], locale), limit: count(limit, locale) }) }];
  });
  const firings = record.firings.map((firing) => ({ text: moment(firing.due, locale), detail: firingText(firing, say) }));
  const unasked = record.calls.map(({ tool, title, at }) => ({ text: `${tool} ${title}`, isCode: true, detail: moment(at, locale) }));
  return (
    <div className="task-details">
      <Part title={say('task.plan')} rows={plan.steps.map(({ text, state }) => ({ mark: state, text }))} />
      <Part title={say('task.rules')} rows={plan.constraints.map((text) => ({ text }))} />
      <Part title={say('task.owed')} rows={plan.obligations.map(({ text, open }) => ({ mark: open ? 'todo' : 'done', text }))} />
      <Part title={say('task.checks')} rows={checkRows(wantedOf(task), task.evidence, say, tell)} />
      <Part title={say('task.grants')} rows={grants.map((grant) => ({ text: sayGrant(grant), isCode: true }))} />
      <Part title={say('task.budget')} rows={used} />
      <Part title={say('task.times')} rows={firings.slice(0, shownOfRecord)} />
      <Part title={say('task.unasked')} rows={unasked.length === 0 ? [{ text: say('task.noUnasked') }] : unasked.slice(0, shownOfRecord)} />
    </div>
  );
}

/** What must hold at its end: the person's own checks, else those that it proposed. */
export function wantedOf({ checks, plan }: Task): readonly Check[] {
  return checks.length > 0 ? checks : plan.checks;
}

/** What was found, or before that what will be looked for. */
export function checkRows(checks: readonly Check[], evidence: readonly Evidence[], say: Say, tell: Texts['tell']): readonly PartRow[] {
  if (evidence.length === 0) return checks.map((check) => ({ mark: 'todo', text: sayCheck(check), isCode: true }));
  return evidence.map(({ check, ok, detail: found, said }) => {
    const isJudged = check.type === 'judgement';
    const detail = said === undefined || !found.endsWith(said.message) ? found : found.slice(0, -said.message.length) + tell(said);
    return { mark: ok ? 'ok' : 'failed', text: isJudged ? say('task.selfChecked') : sayCheck(check), isCode: !isJudged, detail };
  });
}

/** Read when it is opened, and again when the task comes to another state. */
function useRecord({ id, state }: Task): { readonly firings: readonly Firing[]; readonly calls: readonly UnaskedCall[] } {
  const { store } = useParts();
  const [record, setRecord] = useState({ firings: [] as readonly Firing[], calls: [] as readonly UnaskedCall[] });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another state there may be more to read
  useEffect(() => {
    void Promise.all([store.ask('task.history', { task: id }), store.ask('task.unasked', { task: id })]).then(
      ([history, unasked]) => history !== null && unasked !== null && setRecord({ ...history, ...unasked }),
    );
  }, [store, id, state]);
  return record;
}

const reasons = ['by-hand', 'missed', 'too-late', 'paused', 'busy', 'gone', 'unreadable'] as const;

function firingText({ outcome, why, count: times, run }: Firing, say: Say): string {
  const reason = reasons.find((each) => each === why);
  const said = say(reason === undefined ? `firing.${outcome}` : `firing.${reason}`, { run: run ?? 0 });
  return times === 1 ? said : `${said} ×${times ?? '…'}`;
}

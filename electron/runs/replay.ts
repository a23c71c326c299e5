// Time travel for support: a run derived anew from its entries by the fold that drives it, beside what is stored of it.
import { isDeepStrictEqual } from 'node:util';
import { advance, newProgress, nextStep, type Progress } from '../agent/progress.ts';
import type { Approval } from '../contract/approval.ts';
import type { Entry } from '../contract/entry.ts';
import type { Fault } from '../contract/fault.ts';
import type { Replay, RunState, Usage } from '../contract/run.ts';
import { addUsage, type Run } from './store.ts';

/** In which states a run may be after an entry: it is queued again, with no word in the journal, when Nacre closes, when it crashed, and when a time has come. */
const mayFollow: Readonly<Record<string, readonly RunState[]>> = {
  message: ['queued', 'running'],
  answered: ['queued', 'running'],
  started: ['running', 'queued'],
  waiting: ['waiting', 'queued'],
};

/** `approvals` are those of the run. */
export function replay(run: Run, entries: readonly Entry[], approvals: readonly Approval[]): Replay {
  const progress = newProgress();
  let states: readonly RunState[] = ['queued'];
  let usage: Usage | null = null;
  for (const entry of entries) {
    const { body } = entry;
    advance(progress, entry);
    states = body.type === 'ended' ? [body.outcome] : (mayFollow[body.type] ?? states);
    if (body.type === 'reply') usage = addUsage(usage, body.usage);
  }
  const ended = progress.ended !== null;
  const derived = {
    state: states.includes(run.state) ? run.state : states[0],
    steps: progress.steps,
    unknownCalls: progress.unknownCalls,
    usage,
    fault: progress.ended === null ? whyParked(run, progress) : progress.ended.fault,
    question: ended ? null : openQuestion(progress),
    opened: entries[0]?.id ?? null,
    closed: entries.find(({ body }) => body.type === 'ended')?.id ?? null,
  };
  const question = approvals.find(({ state }) => state === 'open')?.id ?? null;
  const stored: Readonly<Record<keyof typeof derived, unknown>> = { ...run, question, opened: run.openedBy, closed: run.closedBy };
  const names = Object.keys(derived) as (keyof typeof derived)[];
  return {
    entries: entries.length,
    next: ended ? 'ended' : nextStep(progress, Number.MAX_SAFE_INTEGER, run.task !== null).type,
    derived: { ...derived, plan: progress.plan },
    differences: names.flatMap((what) => (isDeepStrictEqual(stored[what], derived[what]) ? [] : [{ what, stored: stored[what], derived: derived[what] }])),
  };
}

/** Why a run stands still until the person answers. */
function whyParked({ waitingFor }: Run, { parked }: Progress): Fault | null {
  return waitingFor === 'answer' ? (parked?.fault ?? null) : null;
}

/** A question is moot once the person has said something else. */
function openQuestion({ parked, pending, heard, seen }: Progress): number | null {
  if (parked !== null) return parked.answer === null ? parked.approval : null;
  const asked = pending.find((call) => call.asked !== null && call.answer === null);
  return heard > seen ? null : (asked?.asked ?? null);
}

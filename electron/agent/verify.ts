// The end of a task: its checks are run, or its work is judged, and the evidence is recorded. Without it nothing is done.
import type { Evidence } from '../contract/acceptance.ts';
import type { EntryBody } from '../contract/entry.ts';
import type { Fault } from '../contract/fault.ts';
import { sayCheck } from '../contract/words.ts';
import { judge } from './judge.ts';
import { type Acceptance, put, type Surroundings } from './seam.ts';

/** Rounds of checks that may fail before the run ends as failed. */
const mostRounds = 3;

/** Records what was found. Returns a fault where nothing could be found out. */
export async function verify(around: Surroundings, acceptance: Acceptance): Promise<Fault | null> {
  const own = acceptance.checks.length > 0 ? acceptance.checks : around.progress.plan.checks;
  around.emit({ type: 'run.phase', phase: { type: 'checking' } });
  const evidence: Evidence[] = [];
  try {
    for (const check of own) evidence.push(await acceptance.runCheck(check));
  } catch (error) {
    if (around.place.signal.aborted) return null;
    throw error;
  }
  if (own.length === 0) {
    const judged = await judge(around, acceptance.entries());
    if (judged === null || 'code' in judged) return judged;
    evidence.push(judged);
  }
  put(around, ...settled(around, acceptance, evidence));
  return null;
}

/** A round that failed sends the run back to work with the failure before its eyes; the last one does not. */
function settled({ progress, now }: Surroundings, { pauseMs }: Acceptance, evidence: readonly Evidence[]): EntryBody[] {
  const ok = evidence.every((one) => one.ok);
  const checked: EntryBody = { type: 'checked', ok, evidence: [...evidence] };
  if (ok) return [checked];
  const told: EntryBody = { type: 'told', about: 'check', text: failureText(evidence) };
  if (pauseMs !== null) return [checked, told, { type: 'resting', until: now() + pauseMs, why: 'checks' }];
  return progress.failedRounds + 1 >= mostRounds ? [checked] : [checked, told];
}

function failureText(evidence: readonly Evidence[]): string {
  const failed = evidence
    .filter(({ ok }) => !ok)
    .map(({ check, detail }) => `- ${check.type === 'judgement' ? 'the goal, judged anew' : sayCheck(check)}\n  ${detail.replaceAll('\n', '\n  ')}`);
  return `Not done yet: ${failed.length} of ${evidence.length} checks failed.\n${failed.join('\n')}\nFind out why, put it right, then say what you did.`;
}

// A run that keeps ending its process stands still, with a diagnosis, until the person says that it may go on.
import { type Progress, progressOf } from '../../agent/progress.ts';
import type { Entry } from '../../contract/entry.ts';
import { type Fault, fault } from '../../contract/fault.ts';
import type { Books } from '../books.ts';
import type { Run } from '../store.ts';

const maxCrashes = 3;

/** A run that a crash cut off and that is queued again stays so; where it keeps ending its process it waits for the person's answer when this returns. */
export function parkIfPoisonous({ db, runs, approvals }: Books, run: Run): Run {
  if (run.crashes + run.unknownCalls < maxCrashes) return run;
  const entries = runs.entries.of(run.id);
  const progress = progressOf(entries);
  const isCall = (progress.pending[0]?.intent ?? null) !== null;
  // A call that ended the process is not behind the run where the model only went on to another one that ended it too.
  const times = Math.max(run.crashes, isCall ? progress.cutOff + 1 : 0);
  if (times < maxCrashes) return run;
  return db.commit('run.park', () => {
    const trouble = diagnose(progress, entries, times);
    runs.entries.append(run.id, approvals.askAbout(run.id, 'trouble', trouble));
    return runs.change(run.id, 'queued', { to: 'waiting', for: 'answer' }, { type: 'waiting', for: 'answer' }, trouble);
  });
}

/** Which step, and what was under way: a call that has no outcome, or else the model. */
function diagnose({ pending: [pending], steps }: Progress, entries: readonly Entry[], times: number): Fault {
  if (pending !== undefined) return fault('run.crashed-call', { times, step: steps, tool: pending.call.tool }, { retry: true });
  const started = entries.findLast(({ body }) => body.type === 'started')?.body;
  return fault('run.crashed-model', { times, step: steps + 1, model: started?.type === 'started' ? started.model : '' }, { retry: true });
}

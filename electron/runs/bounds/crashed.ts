// A run that keeps ending its process stands still, with a diagnosis, until the person says that it may go on.
import { progressOf } from '../../agent/progress.ts';
import type { Entry } from '../../contract/entry.ts';
import { type Fault, fault } from '../../contract/fault.ts';
import type { Books } from '../books.ts';
import type { Run } from '../store.ts';

/** The run is queued, and waits for the answer when this returns. */
export function parkCrashed({ db, runs, approvals }: Books, run: Run): Run {
  return db.commit('run.park', () => {
    const trouble = diagnose(runs.entries.of(run.id), run.crashes);
    runs.entries.append(run.id, approvals.askAbout(run.id, 'trouble', trouble));
    return runs.change(run.id, 'queued', { to: 'waiting', for: 'answer' }, { type: 'waiting', for: 'answer' }, trouble);
  });
}

/** Which step, and what was under way: a call whose intent has no outcome, or else the model. */
function diagnose(entries: readonly Entry[], times: number): Fault {
  const progress = progressOf(entries);
  const [pending] = progress.pending;
  if (pending !== undefined) return fault('run.crashed-call', { times, step: progress.steps, tool: pending.call.tool }, { retry: true });
  const started = entries.findLast(({ body }) => body.type === 'started')?.body;
  return fault('run.crashed-model', { times, step: progress.steps + 1, model: started?.type === 'started' ? started.model : '' }, { retry: true });
}

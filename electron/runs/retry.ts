// When a task whose model could not be reached tries again by itself. A chat turn does not: the person is there and has a button.
import type { Fault } from '../contract/fault.ts';
import type { RunId } from '../contract/id.ts';
import type { RunStore } from './store.ts';

const pausesMs: readonly number[] = [30_000, 60_000, 300_000, 900_000, 3_600_000, 3_600_000, 3_600_000];
const mayPass: ReadonlySet<string> = new Set(['model.busy', 'model.failing', 'model.timed-out', 'model.cut-off', 'network.offline']);

/** Milliseconds since 1970, or null where the run must end. */
export function retryAt(runs: RunStore, id: RunId, trouble: Fault, now: number): number | null {
  if (runs.get(id).kind !== 'task' || !(mayPass.has(trouble.code) || trouble.code.startsWith('model.unreachable'))) return null;
  const entries = runs.entries.of(id);
  const lastReply = entries.findLastIndex(({ body }) => body.type === 'reply');
  const tries = entries.slice(lastReply + 1).filter(({ body }) => body.type === 'waiting').length;
  const pause = pausesMs[tries];
  return pause === undefined ? null : now + pause;
}

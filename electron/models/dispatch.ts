// Which model answers: the first that was asked for, never silently another one, and none from afar while offline.
import { backgroundSequences } from '../../local-models/engine.ts';
import { fault, type Reply } from '../contract/fault.ts';
import type { ModelEntry } from '../contract/model.ts';

/** How many runs the model can hold beside chat, each with its cache: a local one has one sequence for them, of others we hold back by custom. */
export function roomOf({ kind }: Pick<ModelEntry, 'kind'>): number {
  return kind === 'local' ? backgroundSequences : 2;
}

/** `wanted` goes from the most particular to the most general: the run's model, its conversation's, the one in the settings. Pure. */
export function chooseModel(wanted: readonly (string | null)[], models: readonly ModelEntry[], offline: boolean): Reply<ModelEntry> {
  const id = wanted.find((one) => one !== null) ?? null;
  if (id === null) return { ok: false, fault: fault('model.none') };
  const entry = models.find((model) => model.id === id);
  if (entry === undefined) return { ok: false, fault: fault('model.missing', { id }) };
  const remote = entry.kind === 'openai' || entry.kind === 'anthropic';
  if (remote && offline) return { ok: false, fault: fault('network.offline', { host: new URL(entry.source).host }) };
  return entry.fault === null ? { ok: true, value: entry } : { ok: false, fault: entry.fault };
}

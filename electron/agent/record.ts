// What is recorded is also taken into account: the journal first, then the loop's own state.
import type { Entry, EntryBody } from '../contract/entry.ts';
import { advance } from './progress.ts';
import type { Surroundings } from './seam.ts';

/** Records, then takes into account what was recorded. */
export function put(around: Surroundings, ...bodies: EntryBody[]): void {
  take(around, around.record(bodies));
}

/** Takes recorded entries into the loop's state: the progress and the view. */
export function take(around: Pick<Surroundings, 'progress' | 'context'>, entries: readonly Entry[]): void {
  for (const entry of entries) {
    advance(around.progress, entry);
    around.context.add(entry, 'turn');
  }
}

// The page about the person that stands in every prompt: short lines, one for each thing, never longer than it may be.
import { FaultError, fault } from '../contract/fault.ts';
import type { MemoryItem } from '../contract/memory.ts';
import type { Db } from '../journal/open.ts';
import { tokensIn } from './recall/pack.ts';
import { ownSpace, type Store } from './store.ts';
import { originOf } from './write.ts';

export const profileTokens = 300;

export function createProfile(db: Db, store: Store) {
  const lines = (): MemoryItem[] => store.list(ownSpace, { kind: 'profile', after: 0, limit: 200 });
  const page = (items: readonly { readonly text: string }[]): string => items.map(({ text }) => text).join('\n');
  return {
    /** The page as text; empty where nothing is known yet. */
    text: (): string => page(lines()),
    /**
     * Adds a line. "Name: Ana" takes the place of an earlier line with the same label. Throws a FaultError where the page would grow too long.
     * `source` is the journal's entry it comes from, if any, and `instead` the item in whose place it stands.
     */
    update: (line: string, at: number, source: number | null, instead?: number): void => {
      const text = line.replace(/\s+/g, ' ').trim();
      const label = labelOf(text);
      const isGone = (one: MemoryItem): boolean => one.id === instead || one.text === text || (label !== null && labelOf(one.text) === label);
      const tokens = tokensIn(page([...lines().filter((one) => !isGone(one)), { text }]));
      if (tokens > profileTokens) throw new FaultError(fault('memory.profile-full', { tokens, limit: profileTokens }));
      store.change(ownSpace, 'profile', (write, change) => {
        const remove = db.prepare('UPDATE memory_item SET removed_in = ? WHERE id = ?');
        for (const id of [instead ?? null, ...lines().flatMap((one) => (isGone(one) ? [one.id] : []))]) remove.run(change, id);
        write({ kind: 'profile', ...originOf(source, `p${change}`), at, author: 'person', text });
      });
    },
  };
}

function labelOf(line: string): string | null {
  const label = /^([^:：]{1,40})[:：]/.exec(line)?.[1];
  return label === undefined ? null : label.toLowerCase();
}

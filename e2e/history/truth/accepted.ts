// What was handed to Nacre and whether it said yes: none of it may be lost, and none may be taken twice.
import type { Schedule } from '../../../electron/contract/schedule.ts';

export type Posted = { readonly text: string; readonly key: string; acknowledged: boolean /** Asked again, so its text stands twice. */; again: boolean };
export type Handed = { readonly goal: string; readonly key: string; readonly schedule: Schedule['type']; acknowledged: boolean; again: boolean };

export type Person = {
  readonly posted: Posted[];
  readonly handed: Handed[];
  /** The journal as last seen, by entry. */
  readonly entries: Map<number, string>;
};

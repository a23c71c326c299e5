// What a random history takes place in: the world with its clock and effects, and a life of Nacre in it, from opening the file to losing it.
import type { Db } from '../../../electron/journal/open.ts';
import type { Work } from '../../../electron/work.ts';
import type { Disk, Sabotage } from './disk.ts';
import type { Timers } from './timers.ts';

/** A bug planted on purpose, to see that the invariants notice it. */
export type Bug = Sabotage & {
  readonly rewrite?: (sql: string) => string;
  /** True where this write is left out. */
  readonly drops?: (sql: string, params: readonly unknown[]) => boolean;
  readonly mislabels?: string;
};

/** Where something stands still until the history lets it go on: before a reply of the model, or in the middle of an effect. */
type Gate = { readonly run: number; release(): void };

/** From opening the file to losing it. */
export type Life = {
  dead: boolean;
  readonly gates: Gate[];
  readonly raw: Db;
  readonly work: Work;
  /** A place where the power may be cut. */
  pass(place: string): void;
  /** Never settles in a life that has ended. */
  gate(run: number, signal: AbortSignal): Promise<void>;
};

export type World = {
  life: Life;
  readonly disk: Disk;
  readonly bug: Bug;
  readonly timers: Timers;
  /** Milliseconds since 1970 by the computer's clock, which may jump. */
  time: number;
  /** Passes until the power is cut; null while it holds. */
  fuse: number | null;
  /** Nothing more goes wrong: models answer, checks pass. */
  calm: boolean;
  diskIsFull: boolean;
  /** Every effect that happened, by its number, and how often. */
  readonly effects: Map<number, number>;
  crashes: number;
  /** The newest entry that a commit has put on disk. */
  durable: number;
  /** What the random generator of this history gives next: a whole number below `below`. */
  dice(below: number): number;
  nextNumber(): number;
  /** Waits until nothing moves by itself. Throws where a run is left behind. */
  settle(): Promise<void>;
  /** Opens the file again, after `downMs`; with `secondFuse` the power may be cut once more meanwhile. */
  recover(downMs: number, secondFuse: number | null): Promise<void>;
  /** Lets `ms` pass in an ordinary way: timers fire. */
  pass(ms: number): Promise<void>;
  /** Ends the present life; the disk stays. */
  close(): void;
};

// What the rest of the house knows of the sandbox: whether it works, and a script that runs inside it.
import type { Fault } from '../../contract/fault.ts';
import type { Ground } from './places.ts';

/** Where a contained command may write. Both folders are absolute and real. */
export type Confines = Pick<Ground, 'folder' | 'scratch'>;

export type Wrapped = {
  /** For `/bin/sh -c` in `folder`. It inherits its environment: give it one without secrets. */
  readonly script: string;
  /** Whether the system ends all that the script started as soon as it has ended itself. */
  readonly endsWhole: boolean;
  /** Folders that are in memory while it runs, as the command sees them. */
  readonly inMemory: readonly string[];
  /** Call it once when the command has ended or was never started. */
  release(): Promise<void>;
};

export type Sandbox = {
  /** What is missing of the programs that it takes; looks for files only. */
  lacks(): readonly Fault[];
  /**
   * Why commands would run with all the person's rights, and the one command that changes it where there is one; null where they are contained. Looks anew
   * until that once works; in a folder that lies in or holds secret places it never does. Without a folder: whether it does in any. Never rejects.
   */
  trouble(folder?: string): Promise<Fault | null>;
  /** What runs `script`, shell text, inside the confines. Throws where that can't be had; nothing may run in its place then. */
  wrap(script: string, confines: Confines): Promise<Wrapped>;
};

/** One operating system's way to put the ground around a script. */
export type Container = (script: string, ground: Ground) => Promise<Omit<Wrapped, 'inMemory'>>;

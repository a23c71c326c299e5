// Builds every part in order of dependency and closes them in reverse; nothing else builds things.
import type { Listener } from './contract/event.ts';
import type { Handlers } from './contract/request.ts';
import type { Keychain } from './models/secrets.ts';

export type ComposeOptions = {
  /** The data folder, absolute; made if missing. */
  readonly data: string;
  readonly host: 'electron' | 'stand-in' | 'node';
  /** The system's language tag. */
  readonly locale: string;
  /** Absolute path of the built (or source) entry that runs the local engine in a child process. */
  readonly keychain: Keychain | null;
  /** What needs a desktop; null on the command line. */
  readonly desktop: {
    folder(): Promise<string | null>;
    modelFile(): Promise<string | null>;
    openLink(url: string): Promise<void>;
  } | null;
};

export type Assistant = {
  readonly handlers: Handlers;
  /** Every event from now on; returns how to stop listening. */
  subscribe(listener: Listener): () => void;
  /** Resolves when no run is queued or running; runs that wait for a person do not count. */
  untilIdle(): Promise<void>;
  /** Stops runs at a recorded step, closes everything in reverse order. May be called twice. */
  close(): Promise<void>;
};

/** Throws a FaultError when the data folder can't be used (in use, read-only, newer). */
export async function compose(_options: ComposeOptions): Promise<Assistant> {
  throw new Error('compose: under construction');
}

// What every command is given: a client, a terminal, the words, and how to hear Ctrl-C.
import type { Client } from './client.ts';
import type { Signals } from './signals.ts';
import type { Terminal } from './terminal.ts';
import type { Texts } from './texts.ts';

export type Session = {
  readonly client: Client;
  readonly terminal: Terminal;
  readonly texts: Texts;
  readonly signals: Signals;
};

/** Does its work and returns the exit code; throws a FaultError for what the person must be told. */
export type Command = (session: Session) => Promise<number>;

// What every command is given: a client, a terminal, the words, and how to hear Ctrl-C.
import type { Client } from './client.ts';
import type { Signals } from './signals.ts';
import type { Terminal } from './terminal.ts';
import type { Texts } from './texts/texts.ts';

export type Session = {
  readonly client: Client;
  readonly terminal: Terminal;
  readonly texts: Texts;
  readonly signals: Signals;
};

/** Does its work and returns the exit code, nothing where all went well; throws a FaultError for what the person must be told. */
export type Command = (session: Session) => Promise<number> | Promise<void>;

/** A row for each; says so where there is none. */
export function showAll<T>({ terminal, texts }: Session, type: string, things: readonly T[], row: (thing: T) => string): void {
  for (const thing of things) terminal.show({ type, [type]: thing }, row(thing));
  if (things.length === 0) terminal.note(texts.none);
}

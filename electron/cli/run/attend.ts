// Follows a run with the person at hand: shows what happens, asks what it asks, and lets Ctrl-C stop it.
import type { ConversationId, RunId } from '../../contract/id.ts';
import type { WaitingFor } from '../../contract/run.ts';
import type { Session } from '../session.ts';
import { askOpen, type ReadLine } from './asking.ts';
import { type Ending, mayPass, type Watch } from './follow.ts';
import { createPrinter } from './printer.ts';

export type Attended = {
  readonly watch: Watch;
  readonly run: RunId;
  readonly conversation: ConversationId;
  /** How the person answers; null where nobody can be asked. */
  readonly readLine: ReadLine | null;
};

/** Ends with the run, or where it waits for a person and nobody here answers. Ctrl-C, and a reader of stdout that went away, stop the run; `stopped` tells. `code` is the exit code. */
export async function attend(
  session: Session,
  { watch, run, conversation, readLine }: Attended,
): Promise<{ readonly ending: Ending; readonly code: number; readonly stopped: boolean }> {
  const { client, terminal, texts, signals } = session;
  const printer = createPrinter(terminal, texts);
  const stopping = new AbortController();
  const forPerson = (reason: WaitingFor): boolean => reason === 'approval' || reason === 'answer';
  const waits = async (reason: WaitingFor): Promise<boolean> =>
    mayPass(reason) || (forPerson(reason) && readLine !== null && (await askOpen(session, run, readLine, stopping.signal))) || stopping.signal.aborted;
  const broken = Promise.withResolvers<never>();
  const stop = (): void => {
    stopping.abort();
    client.request('run.stop', { run }).catch(broken.reject);
  };
  signals.onInterrupt(stop);
  terminal.gone.addEventListener('abort', stop);
  if (terminal.gone.aborted) stop();
  try {
    const ending = await Promise.race([watch.follow(run, conversation, { event: printer.event, waits }), broken.promise]);
    return { ending, code: printer.end(ending), stopped: stopping.signal.aborted };
  } finally {
    signals.onInterrupt(null);
    terminal.gone.removeEventListener('abort', stop);
    watch.close();
  }
}

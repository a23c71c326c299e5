// Follows a run with the person at hand: shows what happens, asks what it asks, and lets Ctrl-C stop it.
import type { Event } from '../../contract/event.ts';
import type { ConversationId, RunId } from '../../contract/id.ts';
import type { WaitingFor } from '../../contract/run.ts';
import type { Session } from '../session.ts';
import { createAsker, type ReadLine } from './asking.ts';
import { type Ending, mayPass, type Watch } from './follow.ts';

export type Attended = {
  readonly watch: Watch;
  readonly run: RunId;
  readonly conversation: ConversationId;
  show(event: Event): void;
  /** How the person answers; null where nobody can be asked. */
  readonly readLine: ReadLine | null;
};

/** Ends with the run, or where it waits for a person and nobody here answers. Ctrl-C, and a reader of stdout that went away, stop the run; `stopped` tells. */
export async function attend(
  session: Session,
  { watch, run, conversation, show, readLine }: Attended,
): Promise<{ readonly ending: Ending; readonly stopped: boolean }> {
  const { client, terminal, signals } = session;
  const asker = readLine === null ? null : createAsker(session, readLine);
  let stopped = false;
  const event = (each: Event): void => {
    asker?.event(each);
    show(each);
  };
  const waits = async (reason: WaitingFor): Promise<boolean> =>
    mayPass(reason) || ((reason === 'approval' || reason === 'answer') && asker !== null && (await asker.ask(run))) || stopped;
  const broken = Promise.withResolvers<never>();
  const stop = (): void => {
    stopped = true;
    asker?.stop();
    client.request('run.stop', { run }).catch(broken.reject);
  };
  signals.onInterrupt(stop);
  terminal.gone.addEventListener('abort', stop);
  if (terminal.gone.aborted) stop();
  try {
    return { ending: await Promise.race([watch.follow(run, conversation, { event, waits }), broken.promise]), stopped };
  } finally {
    signals.onInterrupt(null);
    terminal.gone.removeEventListener('abort', stop);
    watch.close();
  }
}

// `nacre ask`: one message, followed to its answer.
import { randomUUID } from 'node:crypto';
import { text as readAll } from 'node:stream/consumers';
import type { Event } from '../../contract/event.ts';
import { FaultError, fault } from '../../contract/fault.ts';
import type { ConversationId, RunId } from '../../contract/id.ts';
import type { WaitingFor } from '../../contract/run.ts';
import { usageError } from '../exit.ts';
import { createLines } from '../lines.ts';
import { createAsker, openQuestions } from '../run/asking.ts';
import { createWatch, type Ending, mayPass, type Watch } from '../run/follow.ts';
import { createPrinter } from '../run/printer.ts';
import type { Session } from '../session.ts';
import { fill } from '../texts.ts';
import { chooseConversation, findModel } from './find.ts';

export type AskOptions = {
  /** Absolute, and there. */
  readonly folder?: string;
  readonly conversation?: string;
  readonly model?: string;
  readonly approve?: 'ask' | 'deny' | 'folder';
};
type Ran = { readonly run: RunId; readonly conversation: ConversationId };

/** `said` is the message, or "-" for stdin. */
export async function ask(session: Session, said: string, options: AskOptions): Promise<number> {
  const { client, terminal, texts } = session;
  const text = said === '-' ? await readAll(process.stdin) : said;
  if (text.trim() === '') throw new FaultError(fault('conversation.empty-message'));
  const model = options.model === undefined ? undefined : await findModel(client, options.model);
  const conversation = await chooseConversation(client, options.conversation, options.folder);
  if (options.approve === 'folder' && conversation.folder === null)
    throw usageError('--approve folder needs --folder DIR: the folder inside which everything is allowed.');
  const watch = createWatch(client);
  const posted = await client.request('conversation.post', {
    conversation: conversation.id,
    text,
    key: randomUUID(),
    approve: options.approve ?? 'ask',
    ...(model === undefined ? {} : { model: model.id }),
  });
  const printer = createPrinter(terminal, texts);
  const ending = await followAsking(session, watch, { run: posted.run, conversation: conversation.id }, printer.event);
  watch.close();
  const code = printer.end(ending);
  if (ending.outcome === 'waiting') await sayWaiting(session, ending);
  return code;
}

/** Follows to the end, or to a question that nobody here answers. Ctrl-C, and a reader of stdout that went away, stop the run. */
async function followAsking(session: Session, watch: Watch, { run, conversation }: Ran, show: (event: Event) => void): Promise<Ending> {
  const { client, terminal, signals } = session;
  const lines = terminal.interactive ? createLines() : null;
  const asker = createAsker(session, async (prompt, signal) => lines?.next(prompt, signal) ?? null);
  let stopping = false;
  return await new Promise<Ending>((resolve, reject) => {
    const stop = (): void => {
      stopping = true;
      asker.stop();
      client.request('run.stop', { run }).catch(reject);
    };
    signals.onInterrupt(stop);
    terminal.gone.addEventListener('abort', stop);
    const event = (each: Event): void => {
      asker.event(each);
      show(each);
    };
    const waits = async (reason: WaitingFor): Promise<boolean> =>
      mayPass(reason) || (reason === 'approval' && lines !== null && (await asker.ask(run))) || stopping;
    watch.follow(run, conversation, { event, waits }).then(resolve, reject);
  }).finally(() => {
    signals.onInterrupt(null);
    lines?.close();
  });
}

async function sayWaiting({ client, terminal, texts }: Session, ending: Ending): Promise<void> {
  const questions = await openQuestions(client, ending.run);
  for (const { id, tool, title } of questions) terminal.say(fill(texts.waitsForYou, { id: `a${id}`, tool, title }));
}

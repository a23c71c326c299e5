// `nacre ask`: one message, followed to its answer.
import { randomUUID } from 'node:crypto';
import { text as readAll } from 'node:stream/consumers';
import { FaultError, fault } from '../../contract/fault.ts';
import { fill } from '../../contract/tell.ts';
import { usageError } from '../exit.ts';
import { createLines } from '../lines.ts';
import { openQuestions } from '../run/asking.ts';
import { attend } from '../run/attend.ts';
import { createWatch, type Ending } from '../run/follow.ts';
import type { Session } from '../session.ts';
import { chooseConversation, findModel } from './find.ts';

export type AskOptions = {
  /** Absolute, and there. */
  readonly folder?: string;
  readonly conversation?: string;
  readonly model?: string;
  readonly approve?: 'ask' | 'deny' | 'folder';
};

/** `said` is the message, or "-" for stdin. */
export async function ask(session: Session, said: string, options: AskOptions): Promise<number> {
  const { client, terminal } = session;
  const text = said === '-' ? await readAll(process.stdin) : said;
  if (text.trim() === '') throw new FaultError(fault('conversation.empty-message'));
  const model = options.model === undefined ? undefined : await findModel(client, options.model);
  const conversation = await chooseConversation(client, options.conversation, options.folder);
  if (options.approve === 'folder' && conversation.folder === null)
    throw usageError('--approve folder needs --folder DIR: the folder inside which everything is allowed.');
  const watch = createWatch(client);
  const { run } = await client.request('conversation.post', {
    conversation: conversation.id,
    text,
    key: randomUUID(),
    approve: options.approve ?? 'ask',
    model: model?.id,
  });
  const lines = terminal.interactive ? createLines() : null;
  const { ending, code } = await attend(session, { watch, run, conversation: conversation.id, readLine: lines?.next ?? null });
  lines?.close();
  if (ending.outcome === 'waiting') await sayWaiting(session, ending);
  return code;
}

async function sayWaiting({ client, terminal, texts }: Session, ending: Ending): Promise<void> {
  const questions = await openQuestions(client, ending.run);
  for (const { id, about, tool, title } of questions) terminal.say(fill(texts.waitsForYou, { id: `a${id}`, tool: about === 'call' ? tool : about, title }));
}

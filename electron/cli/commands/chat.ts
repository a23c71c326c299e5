// `nacre chat`: a conversation in the terminal. Lines typed while an answer runs join it.
import { randomUUID } from 'node:crypto';
import type { Conversation } from '../../contract/conversation.ts';
import { FaultError } from '../../contract/fault.ts';
import type { ModelId, RunId } from '../../contract/id.ts';
import { exitCode } from '../exit.ts';
import { createLines, type Lines } from '../lines.ts';
import { attend } from '../run/attend.ts';
import { createWatch, type Watch } from '../run/follow.ts';
import type { Session } from '../session.ts';
import { textsFor } from '../texts/texts.ts';
import type { AskOptions } from './ask.ts';
import { chooseConversation, findModel } from './find.ts';

/** Until the person leaves. Lines from a pipe are answered one after the other; the exit code is then that of the last answer. */
export async function chat(session: Session, options: AskOptions): Promise<number> {
  const { client, terminal, signals } = session;
  const { settings, models } = await client.request('app.state', {});
  const texts = settings.language === 'system' ? session.texts : textsFor(settings.language);
  const lines = createLines();
  const talk = createTalk({ ...session, texts }, options, lines);
  signals.onInterrupt(() => terminal.say(texts.chatLeave));
  terminal.say(texts.chatHello);
  if (options.model !== undefined) await talk.useModel(options.model);
  else if (!models.some(({ current }) => current)) terminal.say(texts.chatStarter);
  for (;;) {
    const line = await lines.next('› ');
    if (line === null || line.trim() === '/quit') break;
    if (line.trim() === '') continue;
    await talk.say(line);
    if (!terminal.interactive) await talk.settled();
  }
  lines.close();
  return terminal.interactive ? exitCode.done : talk.code();
}

function createTalk(session: Session, options: AskOptions, lines: Lines) {
  const { client, terminal, texts, signals } = session;
  let conversation: Conversation | null = null;
  let model: ModelId | undefined;
  let current: { readonly run: RunId; readonly ended: Promise<void> } | null = null;
  let code: number = exitCode.done;

  const fail = (error: unknown): void => {
    if (!(error instanceof FaultError)) throw error;
    terminal.say(error.fault.message);
    code = exitCode.failed;
  };

  async function follow(watch: Watch, run: RunId, place: Conversation): Promise<void> {
    const ended = await attend(session, { watch, run, conversation: place.id, readLine: lines.next });
    code = ended.code;
    // Whoever stopped an answer with Ctrl-C leaves with the next one.
    if (!ended.stopped) signals.onInterrupt(() => terminal.say(texts.chatLeave));
  }

  async function post(text: string): Promise<void> {
    conversation ??= await chooseConversation(client, options.conversation, options.folder);
    const place = conversation;
    const watch = createWatch(client);
    const said = { conversation: place.id, text, key: randomUUID(), approve: options.approve ?? 'ask', model };
    const { run } = await client.request('conversation.post', said);
    if (current?.run === run) return watch.close();
    const ended = follow(watch, run, place)
      .catch(fail)
      .finally(() => {
        if (current?.run === run) current = null;
        lines.show();
      });
    current = { run, ended };
  }

  return {
    useModel: async (named: string): Promise<void> => {
      model = (await findModel(client, named)).id;
    },
    /** Posts; resolves once the message is recorded. */
    say: (line: string): Promise<void> => post(line).catch(fail),
    /** Resolves when no answer is under way. */
    settled: async () => current?.ended,
    /** The exit code of the last answer. */
    code: () => code,
  };
}

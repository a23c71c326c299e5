// The one door: a message is on disk before anything else happens. It begins a turn, joins the one that is running, or becomes a task.
import type { Conversation } from '../contract/conversation.ts';
import type { ConversationId, EntryId, RunId, TaskId } from '../contract/id.ts';
import type { RequestPayload } from '../contract/request.ts';
import type { Run } from '../runs/store.ts';
import { createHanding, type HandingOptions, requireText } from './handing.ts';

export type Accepted = { readonly message: EntryId; readonly run: RunId; readonly task: TaskId | null };

export type Inbox = ReturnType<typeof createInbox>;

export type InboxOptions = HandingOptions & {
  /** A message was accepted, or runs left the thread: what is shown of the run and its conversation has changed. */
  onAccepted(run: RunId): void;
  onReplaced(conversation: ConversationId, runs: readonly Run[]): void;
};

export function createInbox(options: InboxOptions) {
  const { runs, threads, worker } = options;

  const accept = (run: RunId, message: EntryId, task: TaskId | null): Accepted => {
    options.onAccepted(run);
    worker.wake();
    return { message, run, task };
  };

  const handing = createHanding(options);

  const post = async (message: RequestPayload<'conversation.post'>): Promise<Accepted> => {
    const conversation = threads.get(message.conversation);
    const text = requireText(message.text);
    const known = message.key === undefined ? null : acceptedBefore(options, message.conversation, message.key);
    if (known !== null) return known;
    if (message.background === true) {
      const task = handing.addTask({ goal: text, conversation: conversation.id, model: message.model, approve: message.approve, key: message.key });
      const run = runs.get(task.run ?? 0);
      return { message: run.openedBy, run: run.id, task: task.id };
    }
    const open = runs.openTurn(conversation.id);
    if (message.replaces !== undefined && open !== null) await worker.stop(open.id);
    else if (open !== null) return accept(open.id, join(options, open, text, conversation.folder, message.key ?? null), null);
    const created = createTurn(options, conversation, message, text);
    return accept(created.run.id, created.message, null);
  };

  return {
    ...handing,
    post,
    /** Asks again for the answer of a run that has ended. */
    retry: async (id: RunId): Promise<Accepted> => {
      const run = runs.get(id);
      const text = runs.entries
        .of(id)
        .flatMap(({ body }) => (body.type === 'message' ? [body.text] : []))
        .join('\n\n');
      const again = { conversation: run.conversation, text, approve: run.approve, ...(run.model === null ? {} : { model: run.model }) };
      return run.kind === 'task' ? post({ ...again, background: true }) : post({ ...again, replaces: id });
    },
  };
}

/** A turn of its own. Where it replaces an earlier one, that one and all later turns leave the thread. */
function createTurn(options: InboxOptions, conversation: Conversation, message: RequestPayload<'conversation.post'>, text: string) {
  const { db, runs, threads } = options;
  const { id, folder } = conversation;
  const from = message.replaces;
  const leaving = from === undefined ? [] : runs.ofConversation(id).filter((run) => run.kind === 'turn' && run.id >= from);
  const replaces = from !== undefined && leaving.some((run) => run.id === from) ? from : null;
  const created = db.commit('message.accept', () => {
    threads.touch(id, text, 'person');
    if (from !== undefined) threads.markReplaced(id, from);
    const [model, approve, key] = [message.model ?? null, message.approve ?? 'ask', message.key ?? null];
    return runs.create({ conversation: id, kind: 'turn', task: null, lane: 'chat', text, folder, model, approve, replaces, key });
  });
  if (leaving.length > 0) options.onReplaced(id, leaving);
  return created;
}

/** While a turn is open a message joins it. A question that waits for an answer is moot then: the model reads the message first. */
function join({ db, runs, approvals, threads, worker }: InboxOptions, open: Run, text: string, folder: string | null, key: string | null): EntryId {
  const entry = db.commit('message.accept', () => {
    threads.touch(open.conversation, text, 'person');
    const joined = runs.join(open.id, text, folder, key);
    approvals.withdraw(open.id);
    if (open.state === 'waiting') runs.change(open.id, 'waiting', { to: 'queued' });
    return joined;
  });
  worker.joined(entry);
  return entry.id;
}

function acceptedBefore({ runs }: InboxOptions, conversation: ConversationId, key: string): Accepted | null {
  const run = runs.byKey(key);
  if (run !== null) return { message: run.openedBy, run: run.id, task: run.task };
  const open = runs.openTurn(conversation);
  const joined = open === null ? undefined : runs.entries.of(open.id).find(({ body }) => body.type === 'message' && body.key === key);
  return joined === undefined ? null : { message: joined.id, run: joined.run, task: null };
}

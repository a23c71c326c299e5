// Saying something: drafts, messages on their way, asking again, stopping, and answering the assistant's questions.
import type { ApprovalAnswer } from '../../electron/contract/approval.ts';
import type { ConversationId, RunId } from '../../electron/contract/id.ts';
import type { Keep } from './keep.ts';
import type { Store } from './store.ts';
import { activeTurn, emptyThread, type Pending, putPending, type ThreadState } from './thread-state.ts';

export function createSending(store: Store, keep: Keep) {
  function changeThread(conversation: ConversationId, change: (thread: ThreadState) => ThreadState): void {
    store.change((state) => ({ threads: { ...state.threads, [conversation]: change(state.threads[conversation] ?? emptyThread) } }));
  }

  function draft(conversation: ConversationId, text: string): void {
    store.change((state) => ({ drafts: { ...state.drafts, [conversation]: text } }));
    keep.later(conversation, { draft: text });
  }

  /** May be called again for what could not be sent; the key makes that safe. */
  async function post(conversation: ConversationId, pending: Pending, replaces?: RunId): Promise<void> {
    changeThread(conversation, (thread) => ({ ...putPending(thread, { ...pending, fault: null }), firstNew: null }));
    const { key, text, background } = pending;
    const reply = await store.request('conversation.post', { conversation, text, key, background, ...(replaces === undefined ? {} : { replaces }) });
    if (!reply.ok) changeThread(conversation, (thread) => putPending(thread, { ...pending, fault: reply.fault }));
    else if (background) discard(conversation, key);
    else changeThread(conversation, (thread) => putPending(thread, { ...pending, message: reply.value.message }));
  }

  function discard(conversation: ConversationId, key: string): void {
    changeThread(conversation, (thread) => ({ ...thread, pending: thread.pending.filter((each) => each.key !== key) }));
  }

  /** Sends to the open conversation. `replaces` is the run whose message was edited. */
  async function send(text: string, { background, replaces }: { readonly background: boolean; readonly replaces?: RunId }): Promise<void> {
    const conversation = store.getState().selected;
    if (conversation === null || text.trim() === '') return;
    edit(conversation, null);
    if (replaces === undefined) draft(conversation, '');
    await post(conversation, { key: crypto.randomUUID(), text, background, message: null, fault: null }, replaces);
  }

  function edit(conversation: ConversationId, run: RunId | null): void {
    store.change(() => ({ editing: run === null ? null : { conversation, run } }));
  }

  /** Stops the turn at work in the open conversation, if any. */
  async function stop(): Promise<void> {
    const { selected, threads } = store.getState();
    const run = selected === null ? null : activeTurn(threads[selected] ?? emptyThread);
    if (run !== null) await store.ask('run.stop', { run });
  }

  const answer = async (approval: number, given: ApprovalAnswer) => void (await store.ask('approval.answer', { approval, answer: given }));

  return { draft, send, resend: post, discard, edit, stop, answer };
}

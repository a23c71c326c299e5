// Arranging conversations: begin, remove and bring back, and choosing where they work.
import type { Conversation } from '../../electron/contract/conversation.ts';
import type { ConversationId } from '../../electron/contract/id.ts';
import type { Opening } from './opening.ts';
import type { Store } from './store.ts';
import { newestFirst } from './window-state.ts';

export function createArranging(store: Store, opening: Opening) {
  /** Opens a fresh conversation; one that is still empty is used again rather than adding another. */
  async function begin(): Promise<void> {
    const unused = newestFirst(store.getState()).find((each) => each.preview === '' && each.draft === '' && !each.busy);
    const conversation = unused ?? (await create());
    if (conversation !== null) await opening.select(conversation.id);
  }

  async function create(): Promise<Conversation | null> {
    if (store.getState().beginning) return null;
    store.change(() => ({ beginning: true, selected: null }));
    const conversation = await store.ask('conversation.create', {});
    const made = conversation === null ? {} : { [conversation.id]: conversation };
    store.change((state) => ({ beginning: false, conversations: { ...state.conversations, ...made }, selected: conversation?.id ?? null }));
    return conversation;
  }

  /** Removes it and offers to undo that. */
  async function remove(conversation: ConversationId): Promise<void> {
    const title = store.getState().conversations[conversation]?.title ?? '';
    if ((await store.ask('conversation.remove', { conversation })) !== null) store.toast({ undo: { conversation, title } });
  }

  async function restore(conversation: ConversationId): Promise<void> {
    const back = await store.ask('conversation.restore', { conversation });
    if (back === null) return;
    store.change((state) => ({ conversations: { ...state.conversations, [back.id]: back } }));
    await opening.select(back.id);
    const questions = await store.ask('approval.list', {});
    if (questions !== null) store.change(() => ({ approvals: Object.fromEntries(questions.approvals.map((each) => [each.id, each])) }));
  }

  async function chooseFolder(conversation: ConversationId): Promise<void> {
    const chosen = await store.ask('dialog.folder', {});
    if (chosen?.path != null) await store.ask('conversation.set-folder', { conversation, folder: chosen.path });
  }

  return { begin, remove, restore, chooseFolder };
}

// Opening a conversation: its thread is read page by page, and what was seen and where one had scrolled is kept.
import type { ConversationId } from '../../electron/contract/id.ts';
import type { Keep } from './keep.ts';
import type { Store } from './store.ts';
import { addOlder, emptyThread, firstUnread, type ThreadState } from './thread-state.ts';
import { only, placeOf } from './window-state.ts';

const pageSize = 60;
/** How far back a kept scroll position or a search hit is looked for. */
const pagesSearched = 20;

export type Opening = ReturnType<typeof createOpening>;

export function createOpening(store: Store, keep: Keep, remember: (selected: ConversationId) => void) {
  const underWay = new Map<ConversationId, Promise<boolean>>();

  /** Shows a conversation; with `target`, scrolled to that item. */
  async function select(conversation: ConversationId, target: string | null = null): Promise<void> {
    if (store.getState().selected !== conversation) void keep.now();
    remember(conversation);
    // The thread that one comes from stays in memory, and what could not be sent; the others are read again when opened.
    const stays = (thread: ThreadState, id: string): boolean => [conversation, store.getState().selected].includes(Number(id)) || thread.pending.length > 0;
    store.change(({ threads }) => ({ selected: conversation, target, editing: null, panel: null, announced: '', threads: only(threads, stays) }));
    if (store.getState().threads[conversation] === undefined) await open(conversation, target);
    else if (target !== null) await reach(conversation, target);
    arrive(store, conversation);
  }

  async function open(conversation: ConversationId, target: string | null): Promise<void> {
    const page = await store.ask('conversation.thread', { conversation, limit: pageSize });
    if (page === null) return;
    store.change((state) => ({ threads: { ...state.threads, [conversation]: { ...emptyThread, ...page } } }));
    const wanted = target ?? placeOf(store.getState(), conversation)?.item ?? null;
    if (wanted !== null) await reach(conversation, wanted);
  }

  async function reach(conversation: ConversationId, key: string): Promise<void> {
    const isHere = () => store.getState().threads[conversation]?.items.some((item) => item.key === key) ?? false;
    for (let pages = 0; pages < pagesSearched && !isHere(); pages++) if (!(await older(conversation))) return;
  }

  /** Loads the page before the oldest item here; false where there is none. */
  function older(conversation: ConversationId): Promise<boolean> {
    const loading = underWay.get(conversation) ?? loadOlder(conversation).finally(() => underWay.delete(conversation));
    underWay.set(conversation, loading);
    return loading;
  }

  async function loadOlder(conversation: ConversationId): Promise<boolean> {
    const thread = store.getState().threads[conversation];
    const before = thread?.items[0]?.order;
    if (thread === undefined || !thread.more || before === undefined) return false;
    const page = await store.ask('conversation.thread', { conversation, before, limit: pageSize });
    if (page === null) return false;
    store.change(({ threads }) => ({ threads: { ...threads, [conversation]: addOlder(threads[conversation] ?? emptyThread, page) } }));
    return true;
  }

  return { select, older };
}

/** The thread may be shown now; what came since the person last looked is marked. */
function arrive(store: Store, conversation: ConversationId): void {
  store.change(({ threads, conversations }) => {
    const thread = threads[conversation];
    if (thread === undefined) return {};
    const firstNew = firstUnread(thread.items, conversations[conversation]?.unread ?? 0);
    return { threads: { ...threads, [conversation]: { ...thread, ready: true, firstNew } } };
  });
}

// What a person does with models, settings and the window itself, and the first look at the assistant's state.
import type { ConversationId, ModelId } from '../../electron/contract/id.ts';
import type { Settings, SettingsPatch } from '../../electron/contract/setting.ts';
import type { Store } from './store.ts';
import { newestFirst, only, type Panel } from './window-state.ts';

export type Setup = ReturnType<typeof createSetup>;

export function createSetup(store: Store) {
  return {
    /** Reads everything once. Returns the conversation to open: the remembered one if it is still there, else the newest. */
    load: (remembered: ConversationId | null) => load(store, remembered),
    use: (model: ModelId) => store.ask('model.use', { model }),
    removeModel: (model: ModelId) => store.ask('model.remove', { model }),
    /** Takes one that has ended out of sight. */
    dismissDownload: (download: string) => store.change(({ downloads }) => ({ downloads: only(downloads, (_, id) => id !== download) })),
    /** Shown at once, so that a second change builds on the first; what was refused is taken back. */
    async changeSettings(patch: SettingsPatch): Promise<void> {
      store.change(({ settings }) => ({ settings: { ...settings, ...patch } as Settings }));
      const settings = await store.ask('settings.change', patch);
      const kept = settings ?? (await store.ask('app.state', {}))?.settings;
      if (kept !== undefined) store.change(() => ({ settings: kept }));
    },
    show: (panel: Panel | null) => store.change(() => ({ panel })),
    dismissNotice: (message: string) => store.change((state) => ({ notices: state.notices.filter((each) => each.message !== message) })),
    dismissToast: (id: number) => store.change((state) => ({ toasts: state.toasts.filter((each) => each.id !== id) })),
    targetReached: () => store.change(() => ({ target: null })),
  };
}

async function load(store: Store, remembered: ConversationId | null): Promise<ConversationId | null> {
  const [list, open, tasks, app] = await Promise.all([
    store.ask('conversation.list', {}),
    store.ask('approval.list', {}),
    store.ask('task.list', {}),
    store.ask('app.state', {}),
  ]);
  store.change(() => ({
    conversations: Object.fromEntries((list?.conversations ?? []).map((each) => [each.id, each])),
    approvals: Object.fromEntries((open?.approvals ?? []).map((each) => [each.id, each])),
    tasks: Object.fromEntries((tasks?.tasks ?? []).map((each) => [each.id, each])),
  }));
  if (app !== null) {
    const { settings, models, notices, ...about } = app;
    store.change(() => ({ app: about, settings, models, notices }));
  }
  const conversations = newestFirst(store.getState());
  return conversations.find((each) => each.id === remembered)?.id ?? conversations[0]?.id ?? null;
}

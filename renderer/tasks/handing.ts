// Handing work over by the form: opening it, from scratch, from a task or from a question, and sending what it holds.
import type { Approval } from '../../electron/contract/approval.ts';
import type { Reply } from '../../electron/contract/fault.ts';
import type { Task } from '../../electron/contract/task.ts';
import type { Store } from '../state/store.ts';
import { blankDraft, type Draft, draftOf, draftOfCall, sentOf, typedOf } from './draft.ts';

export function createHanding(store: Store) {
  const open = (draft: Draft): void => store.change(() => ({ draft, panel: 'task-form' }));

  /** Opens it with what a call asks to schedule; saved, it takes the place of that call. */
  async function editAsked({ id, run, conversation, where }: Approval): Promise<void> {
    const shown = await store.ask('run.show', { run });
    const asked = shown?.entries.find(({ body }) => body.type === 'asked' && body.approval === id)?.body;
    const calls = shown?.entries.flatMap(({ body }) => (body.type === 'reply' ? body.calls : [])) ?? [];
    const call = asked?.type === 'asked' ? calls.find((each) => each.id === asked.call) : undefined;
    if (call !== undefined) open({ ...draftOfCall(call.arguments), conversation, instead: id, folder: where === '' ? undefined : where });
  }

  /** Can fail in the form, so it answers with the whole reply. */
  async function saveTask(draft: Draft): Promise<Reply<Task>> {
    const read = await store.request('task.read', typedOf(draft));
    if (!read.ok) return read;
    const sent = sentOf(draft, read.value);
    if (draft.task !== undefined) return store.request('task.edit', { task: draft.task, ...sent });
    return store.request('task.add', { key: crypto.randomUUID(), conversation: draft.conversation, instead: draft.instead, ...sent });
  }

  return {
    /** Opens the form: for that task, or for a new one. */
    editTask: (task: Task | null): void => {
      const { selected, conversations } = store.getState();
      const conversation = selected ?? undefined;
      open(task === null ? { ...blankDraft, conversation, folder: conversations[selected ?? 0]?.folder ?? undefined } : draftOf(task));
    },
    editAsked,
    saveTask,
  };
}

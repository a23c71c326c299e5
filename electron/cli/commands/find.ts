// What a person names on the command line, found: a folder, a model, a conversation.
import type { Conversation } from '../../contract/conversation.ts';
import { FaultError, fault } from '../../contract/fault.ts';
import type { ModelEntry } from '../../contract/model.ts';
import type { Client } from '../client.ts';

/** By id, or by name in any case. */
export async function findModel(client: Client, named: string): Promise<ModelEntry> {
  const { models } = await client.request('model.list', {});
  const found =
    models.find(({ id }) => id === named) ?? models.find(({ name }) => name === named) ?? models.find(({ name }) => name.toLowerCase() === named.toLowerCase());
  if (found === undefined) throw new FaultError(fault('model.missing', { id: named }));
  return found;
}

/** The newest conversation with this title, else a new one; a folder given here becomes its folder. */
export async function chooseConversation(client: Client, title: string | undefined, folder: string | undefined): Promise<Conversation> {
  const { conversations } = await client.request('conversation.list', {});
  const found = title === undefined ? undefined : conversations.find((conversation) => conversation.title === title.trim());
  if (found === undefined) return client.request('conversation.create', { title, folder });
  if (folder === undefined || found.folder === folder) return found;
  return client.request('conversation.set-folder', { conversation: found.id, folder });
}

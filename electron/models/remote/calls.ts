// Puts tool calls together from the pieces in which servers send them, which are not always numbered, named or split as the API says.
import { randomUUID } from 'node:crypto';
import type { ToolCall } from '../../contract/entry.ts';

/** `index` says which call it belongs to; some servers leave it out, others give every call the same one. */
export type CallPiece = {
  readonly index?: number | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly arguments?: string | undefined;
};

type Draft = { readonly index: number | undefined; readonly id: string | undefined; name: string; arguments: string };

/** The ids are ours, because some servers number the calls of every reply alike. */
export function createCalls(): { add(piece: CallPiece): void; list(): ToolCall[] } {
  const drafts: Draft[] = [];
  return {
    add(piece) {
      const draft = owner(drafts, piece) ?? begin(drafts, piece);
      if (piece.name !== undefined && piece.name !== draft.name) draft.name += piece.name;
      draft.arguments += piece.arguments ?? '';
    },
    list: () => drafts.filter(({ name }) => name !== '').map((draft) => ({ id: randomUUID(), tool: draft.name, arguments: draft.arguments.trim() || '{}' })),
  };
}

/** The call that a piece goes on with; undefined where it begins a new one. */
function owner(drafts: readonly Draft[], { index, id, name, arguments: more }: CallPiece): Draft | undefined {
  const candidate = index === undefined ? drafts.at(-1) : drafts.findLast((draft) => draft.index === index);
  if (candidate === undefined) return undefined;
  if (id && candidate.id && id !== candidate.id) return drafts.find((draft) => draft.id === id);
  const beginsAnew = !id && name && more && complete(candidate);
  return beginsAnew ? undefined : candidate;
}

function begin(drafts: Draft[], { index, id }: CallPiece): Draft {
  const draft: Draft = { index, id: id || undefined, name: '', arguments: '' };
  drafts.push(draft);
  return draft;
}

function complete({ arguments: text }: Draft): boolean {
  try {
    return text !== '' && typeof JSON.parse(text) === 'object';
  } catch (_unfinished) {
    return false;
  }
}

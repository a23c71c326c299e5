// Conversations on disk: made, renamed, given a folder, removed with a way back, and what the window keeps of them.
import type { Conversation } from '../contract/conversation.ts';
import { FaultError, fault } from '../contract/fault.ts';
import type { ConversationId, RunId } from '../contract/id.ts';
import type { RequestPayload } from '../contract/request.ts';
import { existingFolder } from '../durable.ts';
import type { Db } from '../journal/open.ts';

export type Threads = ReturnType<typeof createThreads>;
type Kept = Omit<RequestPayload<'conversation.keep'>, 'conversation'>;
type Row = Omit<Conversation, 'scroll' | 'needsYou' | 'busy'> & { readonly scroll: string | null; readonly needsYou: number; readonly busy: number };

const query = `SELECT c.id, c.title, c.folder, c.model, c.created_at AS createdAt, c.updated_at AS updatedAt, c.preview, c.draft, c.scroll,
  (SELECT count(*) FROM run r WHERE r.conversation = c.id AND r.seen = 0 AND r.state IN ('done', 'failed', 'unknown')) AS unread,
  EXISTS (SELECT 1 FROM approval a JOIN run r ON r.id = a.run WHERE a.state = 'open' AND r.conversation = c.id) AS needsYou,
  EXISTS (SELECT 1 FROM run r WHERE r.conversation = c.id AND r.state IN ('queued', 'running')) AS busy
  FROM conversation c`;

/** Marks of Markdown that would be noise in a one-line preview. */
const markup = /^\s*(?:#{1,6}|>|[-*+]|\d+\.)\s+|\*\*|`+|^\s*\|?[-:| ]+\|\s*$|\|/gm;

export function createThreads(db: Db, now: () => number) {
  /** Null where there is none, or it was removed. */
  const peek = (id: ConversationId): Conversation | null => {
    const row = db.prepare<Row>(`${query} WHERE c.id = ? AND c.removed_at IS NULL`).get(id);
    return row === undefined ? null : toConversation(row);
  };
  /** Throws a FaultError where there is none, or it was removed. */
  const get = (id: ConversationId): Conversation => {
    const conversation = peek(id);
    if (conversation === null) throw new FaultError(fault('conversation.missing', { id }));
    return conversation;
  };
  const update = (id: ConversationId, column: string, value: unknown): Conversation => {
    get(id);
    db.commit(`conversation.${column}`, () => db.prepare(`UPDATE conversation SET ${column} = ? WHERE id = ?`).run(value, id));
    return get(id);
  };
  return {
    list: () => db.prepare<Row>(`${query} WHERE c.removed_at IS NULL ORDER BY c.updated_at DESC, c.id DESC`).all().map(toConversation),
    get,
    peek,
    create: (title: string, folder: string | null): Conversation => {
      const place = folder === null ? null : existingFolder(folder);
      const insert = db.prepare('INSERT INTO conversation (title, folder, created_at, updated_at) VALUES (?, ?, ?, ?)');
      return get(Number(db.commit('conversation.create', () => insert.run(title.toWellFormed(), place, now(), now())).lastInsertRowid));
    },
    rename: (id: ConversationId, title: string) => update(id, 'title', title.toWellFormed()),
    setFolder: (id: ConversationId, folder: string | null) => update(id, 'folder', folder === null ? null : existingFolder(folder)),
    setModel: (id: ConversationId, model: string | null) => update(id, 'model', model),
    remove: (id: ConversationId): void => {
      get(id);
      db.commit('conversation.remove', () => db.prepare('UPDATE conversation SET removed_at = ? WHERE id = ?').run(now(), id));
    },
    restore: (id: ConversationId): Conversation => {
      db.commit('conversation.restore', () => db.prepare('UPDATE conversation SET removed_at = NULL WHERE id = ?').run(id));
      return get(id);
    },
    /** Erases for good what was removed before `time`. */
    purge: (time: number) => purge(db, time),
    keep: (id: ConversationId, kept: Kept) => keep(db, get(id).id, kept),
    /** Something was said: the preview and the place in the list change; an untitled conversation takes its first words as title. */
    touch: (id: ConversationId, said: string, by: 'person' | 'assistant'): void => {
      const plain = by === 'assistant' ? said.replace(markup, '') : said;
      const line = plain.replace(/\s+/g, ' ').trim().slice(0, 200).toWellFormed();
      db.prepare('UPDATE conversation SET preview = ?, updated_at = ? WHERE id = ?').run(line, now(), id);
      if (by === 'assistant') return;
      db.prepare(`UPDATE conversation SET draft = '' WHERE id = ?`).run(id);
      db.prepare(`UPDATE conversation SET title = ? WHERE id = ? AND title = ''`).run(line.slice(0, 60).toWellFormed(), id);
    },
    /** Turns that left the thread are not news any more. */
    markReplaced: (id: ConversationId, from: RunId): void => {
      db.prepare('UPDATE run SET seen = 1 WHERE conversation = ? AND id >= ? AND ended_at IS NOT NULL').run(id, from);
    },
  };
}

function keep(db: Db, id: ConversationId, kept: Kept): void {
  db.commit('conversation.keep', () => {
    if (kept.draft !== undefined) db.prepare('UPDATE conversation SET draft = ? WHERE id = ?').run(kept.draft.toWellFormed(), id);
    if (kept.scroll !== undefined)
      db.prepare('UPDATE conversation SET scroll = ? WHERE id = ?').run(kept.scroll === null ? null : JSON.stringify(kept.scroll), id);
    if (kept.readTo === undefined) return;
    // An answer stands just behind the message that began its run; the result of a task stands where it ended.
    db.prepare(
      `UPDATE run SET seen = 1 WHERE conversation = ? AND seen = 0 AND ended_at IS NOT NULL AND CASE kind WHEN 'turn' THEN opened_by + 0.5 ELSE closed_by END <= ?`,
    ).run(id, kept.readTo);
  });
}

function purge(db: Db, time: number): void {
  db.commit('conversation.purge', () => {
    const gone = 'SELECT id FROM conversation WHERE removed_at < ?';
    const runs = `SELECT id FROM run WHERE conversation IN (${gone})`;
    db.prepare(`DELETE FROM permission WHERE conversation IN (${gone})`).run(time);
    db.prepare(`DELETE FROM firing WHERE task IN (SELECT id FROM task WHERE conversation IN (${gone}))`).run(time);
    for (const table of ['approval', 'entry']) db.prepare(`DELETE FROM ${table} WHERE run IN (${runs})`).run(time);
    db.prepare(`UPDATE run SET replaces = NULL, task = NULL WHERE conversation IN (${gone})`).run(time);
    db.prepare(`DELETE FROM task WHERE conversation IN (${gone})`).run(time);
    db.prepare(`DELETE FROM run WHERE conversation IN (${gone})`).run(time);
    db.prepare('DELETE FROM conversation WHERE removed_at < ?').run(time);
  });
}

/** Written by this file alone, so trusted here. */
function toConversation(row: Row): Conversation {
  return {
    ...row,
    scroll: row.scroll === null ? null : (JSON.parse(row.scroll) as Conversation['scroll']),
    needsYou: row.needsYou === 1,
    busy: row.busy === 1,
  };
}

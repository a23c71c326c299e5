// The journal's lines: appended in order, read back, never rewritten.
import type { Entry, EntryBody, EntryOf } from '../contract/entry.ts';
import type { RunId } from '../contract/id.ts';
import type { Usage } from '../contract/run.ts';
import type { Db } from './open.ts';

export type Entries = ReturnType<typeof createEntries>;

type Row = { readonly id: number; readonly run: number; readonly at: number; readonly type: string; readonly body: string };

export function createEntries(db: Db, now: () => number) {
  const insert = db.prepare('INSERT INTO entry (run, at, type, body) VALUES (?, ?, ?, ?)');
  const byRun = db.prepare<Row>('SELECT * FROM entry WHERE run = ? ORDER BY id');
  const lastOfType = db.prepare<Row>('SELECT * FROM entry WHERE run = ? AND type = ? ORDER BY id DESC LIMIT 1');
  return {
    /** Appends inside the caller's commit. */
    append: (run: RunId, body: EntryBody): Entry => {
      const at = now();
      const { lastInsertRowid } = insert.run(run, at, body.type, toText(body));
      return { id: Number(lastInsertRowid), run, at, body };
    },
    of: (run: RunId): Entry[] => byRun.all(run).map(toEntry),
    /** The newest entry of that type in the run. */
    last: <T extends EntryBody['type']>(run: RunId, type: T): (Entry & { readonly body: EntryOf<T> }) | null => {
      const row = lastOfType.get(run, type);
      return row === undefined ? null : (toEntry(row) as Entry & { readonly body: EntryOf<T> });
    },
  };
}

/** Rows are written by `append` alone and triggers forbid rewriting them, so they are trusted here. */
function toEntry(row: Row): Entry {
  return { id: row.id, run: row.run, at: row.at, body: toBody(row.type, row.body) };
}

/** Every step stores one of these: as a list it takes half the bytes. The order is part of the format. */
const usageKeys = ['model', 'where', 'read', 'reused', 'written', 'prefillMs', 'decodeMs'] as const satisfies readonly (keyof Usage)[];

function toText({ type: _type, ...rest }: EntryBody): string {
  return JSON.stringify('usage' in rest ? { ...rest, usage: usageKeys.map((key) => rest.usage[key]) } : rest);
}

function toBody(type: string, text: string): EntryBody {
  const rest = JSON.parse(text) as { readonly usage?: readonly unknown[] };
  const usage = rest.usage?.map((value, index) => [usageKeys[index], value]);
  return { type, ...rest, ...(usage === undefined ? {} : { usage: Object.fromEntries(usage) }) } as EntryBody;
}

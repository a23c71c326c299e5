// journal-append and journal-growth: what it costs to make an entry durable, and how many bytes are stored for what was said.
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../electron/contract/entry.ts';
import { createEntries } from '../../electron/journal/entries.ts';
import { openJournal } from '../../electron/journal/open.ts';
import { probeDisk } from './bed/disk.ts';
import { makeBed, makeFolder } from './bed/nacre.ts';
import { type Bench, median, percentile, round } from './figure.ts';

const appends = 500;
const steps = 500;
const kilobyte = `${'lorem ipsum dolor sit amet '.repeat(40)}`.slice(0, 1000);

/** Entries of 1 kB, each in a commit of its own. */
export const journalAppend: Bench = async () => {
  const folder = makeFolder('journal');
  const fdatasyncMs = probeDisk(folder);
  const db = openJournal(folder);
  try {
    const conversation = db.prepare(`INSERT INTO conversation (title, created_at, updated_at) VALUES ('bench', 0, 0)`).run().lastInsertRowid;
    const run = db
      .prepare(`INSERT INTO run (conversation, kind, lane, state, approve, created_at) VALUES (?, 'turn', 'chat', 'queued', 'ask', 0)`)
      .run(conversation);
    const entries = createEntries(db, Date.now);
    const samples = Array.from({ length: appends }, (_, at) => {
      const startedAt = performance.now();
      db.commit('bench', () => entries.append(Number(run.lastInsertRowid), { type: 'outcome', call: `c${at}`, status: 'done', output: kilobyte }));
      return performance.now() - startedAt;
    });
    return [
      {
        name: 'journal-append',
        value: round(median(samples), 3),
        unit: 'ms',
        p95: round(percentile(samples, 0.95), 3),
        fdatasyncMs,
        entryBytes: kilobyte.length,
      },
    ];
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
};

/** A run of 500 steps that each read 1 kB. Beside the journal the data folder holds the network ledger, a line a request: all of it is in `wholeFolder`. */
export const journalGrowth: Bench = async () => {
  const bed = await makeBed({ steps, tool: 'read_file', argumentsOf: (step) => ({ path: `note-${step % 7}.txt` }) });
  try {
    for (let file = 0; file < 7; file++) writeFileSync(join(bed.folder, `note-${file}.txt`), kilobyte);
    const out = await bed.start('ask', 'Read the notes, one after the other.', '--folder', bed.folder, '--model', 'bench', '--json').ended;
    const { run } = JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as { readonly run: number };
    const db = openJournal(bed.data);
    const transcript = createEntries(db, Date.now)
      .of(run)
      .reduce((sum, entry) => sum + said(entry), 0);
    const database = db.checkpoint();
    db.close();
    const everything = storedBytes(bed.data);
    return [
      {
        name: 'journal-growth',
        value: round(database / transcript, 3),
        unit: 'bytes per transcript byte',
        goal: '1.5',
        database,
        transcript,
        wholeFolder: everything,
        steps,
      },
    ];
  } finally {
    await bed.close();
  }
};

/** The bytes of an entry that a person or a model said: messages, replies, calls with their arguments, results. */
export function said({ body }: Entry): number {
  const bytes = (text: string): number => Buffer.byteLength(text);
  if (body.type === 'message') return bytes(body.text);
  if (body.type === 'outcome') return bytes(body.output);
  if (body.type === 'reply') return bytes(body.text) + body.calls.reduce((sum, call) => sum + bytes(call.tool) + bytes(call.arguments), 0);
  return 0;
}

function storedBytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.parentPath.endsWith('logs'));
  return files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

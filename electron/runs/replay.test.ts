// Histories that are on people's disks stay readable: a new version derives from them what the old one stored.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { ask, clearHouses, type House, house } from '../../e2e/scaffold/house.ts';
import { type Db, openJournal } from '../journal/open.ts';
import { createScriptedModel } from '../models/scripted.ts';
import { createApprovals } from './approvals.ts';
import { replay } from './replay.ts';
import { createRunStore } from './store.ts';

const made: string[] = [];
afterEach(async () => {
  await clearHouses();
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Schema and rows as the version with four migrations left them: turns and tasks that were done, failed, stopped, denied, waiting, or cut off. */
function oldJournal(): Db {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-old-'));
  made.push(folder);
  const sqlite = new DatabaseSync(join(folder, 'nacre.db'), { enableForeignKeyConstraints: false });
  sqlite.exec(readFileSync(join(import.meta.dirname, 'fixture/history-4.sql'), 'utf8'));
  sqlite.close();
  return openJournal(folder);
}

function replayed(db: Db) {
  const runs = createRunStore(db, () => 0);
  const approvals = createApprovals({ db, runs, tools: [], now: () => 0 });
  return runs.ofConversation(1).map((run) => ({ run, ...replay(run, runs.entries.of(run.id), approvals.ofRun(run.id)) }));
}

test('every run of an old history is derived from its entries as it was stored', () => {
  const db = oldJournal();
  const all = replayed(db);
  db.close();
  expect(all.flatMap(({ run, differences }) => differences.map((one) => ({ run: run.id, ...one })))).toEqual([]);
  expect(all.map(({ run, next }) => `${run.kind} ${run.state} ${next}`)).toEqual([
    'turn done ended',
    'turn done ended',
    'task done ended',
    'turn failed ended',
    'turn done ended',
    'task done ended',
    'task waiting ask-model',
    'task stopped ended',
    'task done ended',
    'task waiting wait',
    'task done ended',
    'turn running ask-model',
  ]);
});

const run = (work: House, id: number) => replay(work.runs.get(id), work.runs.entries.of(id), work.approvals.ofRun(id));

test('runs of today are derived as they are stored: done, with an open question, and answered', async () => {
  const command = { calls: [{ tool: 'run_command', arguments: { command: 'echo hi' } }] };
  const work = house(createScriptedModel({ lines: [command, { text: 'It ran.' }] }));
  const id = await ask(work, 'run it');
  expect(run(work, id)).toMatchObject({ next: 'wait', differences: [], derived: { state: 'waiting', question: 1, steps: 1 } });
  work.approvals.answer(1, 'once');
  expect(run(work, id)).toMatchObject({ next: 'call', differences: [], derived: { state: 'queued', question: null } });
  work.worker.wake();
  await work.worker.untilIdle();
  expect(run(work, id)).toMatchObject({ next: 'ended', differences: [], derived: { state: 'done', steps: 2 } });
});

test('a row that was changed behind the journal’s back is named, with both values', async () => {
  const work = house(createScriptedModel({ lines: [{ text: 'Hi.' }] }));
  const id = await ask(work, 'hello');
  work.db.prepare('UPDATE run SET steps = 7, unknown_calls = 2 WHERE id = ?').run(id);
  expect(run(work, id).differences).toEqual([
    { what: 'steps', stored: 7, derived: 1 },
    { what: 'unknownCalls', stored: 2, derived: 0 },
  ]);
});

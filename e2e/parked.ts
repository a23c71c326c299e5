// A data folder as a run leaves it that has a plan and asks about itself: for stories that begin there.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Parked = { readonly sentence: string; readonly report: string; readonly plan?: object; readonly budget?: object };

/** The run must wait; no Nacre may have the data. */
export function parkOnBudget(data: string, { sentence, report, plan, budget = {} }: Parked): void {
  const db = new DatabaseSync(join(data, 'nacre.db'));
  db.prepare(
    `INSERT INTO approval (run, call, about, tool, title, place, payload, scope, hash, state, asked_at) VALUES (1, '', 'budget', '', ?, '', ?, '', '', 'open', ?)`,
  ).run(sentence, report, Date.now());
  const write = db.prepare('INSERT INTO entry (run, at, type, body) VALUES (1, ?, ?, ?)');
  if (plan !== undefined) write.run(Date.now(), 'planned', JSON.stringify({ plan }));
  write.run(Date.now(), 'parked', JSON.stringify({ approval: 1, about: 'budget', fault: { code: 'run.budget', message: sentence } }));
  write.run(Date.now(), 'waiting', JSON.stringify({ for: 'answer' }));
  db.exec(`UPDATE run SET waiting_for = 'answer', wake_at = NULL, steps = 1 WHERE id = 1`);
  db.prepare('UPDATE task SET budget = ? WHERE id = 1').run(JSON.stringify(budget));
  db.close();
}

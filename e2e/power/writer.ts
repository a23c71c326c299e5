// Writes entries to a journal, one commit each, and says after each that it is done: what has been said must survive a loss of power.
import { openSync, writeSync } from 'node:fs';
import { createEntries } from '../../electron/journal/entries.ts';
import { openJournal } from '../../electron/journal/open.ts';

const [data = '', acknowledged = '', count = '1', synchronous = 'FULL'] = process.argv.slice(2);
const db = openJournal(data);
if (synchronous !== 'FULL') db.prepare(`PRAGMA synchronous = ${synchronous}`).run();
const entries = createEntries(db, Date.now);
db.prepare(`INSERT INTO conversation (title, created_at, updated_at) VALUES ('power', 0, 0)`).run();
db.prepare(`INSERT INTO run (conversation, kind, lane, state, approve, created_at) VALUES (1, 'turn', 'chat', 'queued', 'ask', 0)`).run();
const out = openSync(acknowledged, 'w');
for (let n = 1; n <= Number(count); n++) {
  db.commit('power', () => entries.append(1, { type: 'outcome', call: `c${n}`, status: 'done', output: 'x'.repeat(50 + ((n * 397) % 3000)) }));
  writeSync(out, `${n}\n`);
}
db.close();

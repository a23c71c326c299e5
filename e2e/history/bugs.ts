// Bugs planted on purpose: each must turn the property red, or it proves nothing.
import type { Bug } from './world/life.ts';

const entryOf = (type: string) => (sql: string, params: readonly unknown[]) => sql.startsWith('INSERT INTO entry') && params[2] === type;
const replacing = (from: string, to: string) => (sql: string) => sql.replace(from, to);

export const bugs: Readonly<Record<string, Bug>> = {
  'intents are not written': { drops: entryOf('intent') },
  'a tool that must run once says that it may run again': { mislabels: 'ring' },
  'the last commit before a crash is lost': { losesLastCommit: true },
  'what a crash cut off is not taken up again': { rewrite: replacing(`WHERE id = ? AND state = 'running'`, `WHERE id = ? AND state = 'nothing'`) },
  'an answered question takes a second answer': { rewrite: replacing(`WHERE id = ? AND state = 'open'`, 'WHERE id = ?') },
  'times that were merged have no record': { drops: (sql, params) => sql.startsWith('INSERT INTO firing') && params[4] === 'merged' },
  'a task is done without evidence': { setUp: ['DROP TRIGGER IF EXISTS task_is_done_with_evidence'], drops: entryOf('checked') },
  'a key that was used before is not known': { rewrite: replacing('FROM run WHERE key = ?', 'FROM run WHERE key = ? AND 0') },
  'a message that joins is not kept': { drops: (sql, params) => entryOf('message')(sql, params) && String(params[3]).includes('"key"') },
  'background work never begins': {
    rewrite: (sql) => (sql.includes('FROM run WHERE state IN (?) ORDER') ? sql.replace('ORDER', `AND lane <> 'background' ORDER`) : sql),
  },
  'an outcome forgets that it is unknown': { rewrite: replacing('SET unknown_calls = unknown_calls + 1', 'SET unknown_calls = unknown_calls') },
  'a question outlives its run': { rewrite: replacing(`SET state = 'withdrawn'`, `SET state = 'open'`) },
  'an entry is rewritten when a run ends': {
    setUp: [
      'DROP TRIGGER IF EXISTS entry_is_final',
      `CREATE TEMP TRIGGER rewrite AFTER INSERT ON main.entry WHEN NEW.type = 'ended' BEGIN UPDATE entry SET at = 0 WHERE run = NEW.run AND type = 'started'; END`,
    ],
  },
};

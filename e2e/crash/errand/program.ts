// A long errand with every kind of real effect, in a process that may be killed at any moment: begun once, taken up again by every later start.
import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { failpointPasses } from '../../../electron/journal/failpoint.ts';
import { type Db, openJournal } from '../../../electron/journal/open.ts';
import { silentLog } from '../../../electron/log.ts';
import { createScriptedModel } from '../../../electron/models/scripted.ts';
import { readFile } from '../../../electron/tools/files/read.ts';
import { writeFile } from '../../../electron/tools/files/write.ts';
import { createRunCommand } from '../../../electron/tools/shell/command.ts';
import type { Tool } from '../../../electron/tools/tool.ts';
import { composeWork } from '../../../electron/work.ts';
import { openGround } from '../../scaffold/house.ts';
import { steps as planned } from './steps.ts';
import { errandTools } from './tools.ts';

const [data = '', steps = '8', server = ''] = process.argv.slice(2);
const folder = join(data, 'folder');
mkdirSync(folder, { recursive: true });
const tell = (line: string): void => void writeSync(1, `${line}\n`);

const lines = planned(Number(steps)).map(({ tool, args }) => ({ calls: [{ tool, arguments: args }] }));
const journal = openJournal(data);
const db = process.env['NACRE_CRASH_WITHOUT_INTENT'] === '1' ? withoutIntent(journal) : journal;
const work = composeWork({
  db,
  log: silentLog,
  tools: [readFile, writeFile, createRunCommand(openGround), ...errandTools(server)] as unknown as readonly Tool[],
  scratch: join(data, 'runs'),
  now: Date.now,
  openModel: async () =>
    createScriptedModel({
      profile: { contextTokens: 1_000_000 },
      groups: [{ when: 'the errand', lines: [...lines, { text: 'All done.' }] }],
      keepAsked: false,
    }),
  announce: ({ type }) => {
    if (type === 'step.ended') tell('step');
  },
  language: () => 'en',
});
const conversation = work.threads.list()[0] ?? work.threads.create('', folder);
work.inbox.addTask({ goal: 'the errand', conversation: conversation.id, folder, approve: 'folder', key: 'the errand' });
tell('ready');
work.worker.start();
await work.worker.untilIdle();
const log = process.env['NACRE_FAILPOINT_LOG'];
if (log !== undefined) writeFileSync(log, JSON.stringify(Object.fromEntries(failpointPasses())));
const all = work.runs.ofConversation(conversation.id);
writeFileSync(join(data, 'story.json'), JSON.stringify({ states: all.map(({ state }) => state), entries: all.flatMap(({ id }) => work.runs.entries.of(id)) }));
await work.worker.close();
db.close();

/** The negative control: the assistant without its most important habit. Only this program knows the switch; the product can't be told so. */
function withoutIntent(whole: Db): Db {
  return {
    ...whole,
    prepare: <Row>(sql: string) => {
      const statement = whole.prepare<Row>(sql);
      if (!sql.startsWith('INSERT INTO entry')) return statement;
      return { ...statement, run: (...params) => (params[2] === 'intent' ? { changes: 1, lastInsertRowid: 0 } : statement.run(...params)) };
    },
  };
}

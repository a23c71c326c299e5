// A task with real effects, in a process that may be killed anywhere: started once, resumed by every later start until it is idle.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failpointPasses } from '../../electron/journal/failpoint.ts';
import { openJournal } from '../../electron/journal/open.ts';
import { silentLog } from '../../electron/log.ts';
import { createScriptedModel } from '../../electron/models/scripted.ts';
import { readFile } from '../../electron/tools/files/read.ts';
import { writeFile } from '../../electron/tools/files/write.ts';
import { createRunCommand } from '../../electron/tools/shell/command.ts';
import type { Tool } from '../../electron/tools/tool.ts';
import { composeWork } from '../../electron/work.ts';
import { openGround } from '../scaffold/house.ts';

const [data = '', steps = '20'] = process.argv.slice(2);
const folder = join(data, 'folder');
mkdirSync(folder, { recursive: true });

/** By turns a file written whole, a line appended by a shell command, and a file read. */
const lines = Array.from({ length: Number(steps) }, (_, step) => {
  if (step % 4 === 3) return { calls: [{ tool: 'read_file', arguments: { path: `file-${step - 1}.txt` } }] };
  if (step % 2 === 0) return { calls: [{ tool: 'write_file', arguments: { path: `file-${step}.txt`, content: `content ${step}` } }] };
  return { calls: [{ tool: 'run_command', arguments: { command: `echo ${step} >> log.txt` } }] };
});

const db = openJournal(data);
const work = composeWork({
  db,
  log: silentLog,
  tools: [readFile, writeFile, createRunCommand(openGround)] as unknown as readonly Tool[],
  scratch: join(data, 'runs'),
  now: Date.now,
  openModel: async () => createScriptedModel({ groups: [{ when: 'all steps', lines: [...lines, { text: 'All done.' }] }], keepAsked: false }),
  announce: () => undefined,
  language: () => 'en',
});
const conversation = work.threads.list()[0] ?? work.threads.create('', folder);
work.inbox.addTask({ goal: 'all steps', conversation: conversation.id, folder, approve: 'folder', key: 'the task' });
work.worker.start();
await work.worker.untilIdle();
if (process.env['NACRE_FAILPOINT_LOG'] !== undefined) writeFileSync(process.env['NACRE_FAILPOINT_LOG'], JSON.stringify(Object.fromEntries(failpointPasses())));
const [run] = work.runs.ofConversation(conversation.id);
if (run !== undefined)
  writeFileSync(
    join(data, 'story.json'),
    JSON.stringify({ state: run.state, runs: work.runs.ofConversation(conversation.id).length, entries: work.runs.entries.of(run.id) }),
  );
await work.worker.close();
db.close();

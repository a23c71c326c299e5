// One process of the benchmark scheduler-10k: the heart over a data folder, idle; prints what it costs after a while. `sleeper.ts DATA TASKS MS`.
import { join } from 'node:path';
import { openJournal } from '../../../electron/journal/open.ts';
import { silentLog } from '../../../electron/log.ts';
import { createScriptedModel } from '../../../electron/models/scripted.ts';
import { composeWork } from '../../../electron/work.ts';
import { memoryOf } from '../bed/nacre.ts';

const [data = '', tasks = '0', ms = '31000'] = process.argv.slice(2);
const db = openJournal(data);
const work = composeWork({
  db,
  log: silentLog,
  tools: [],
  scratch: join(data, 'runs'),
  now: Date.now,
  openModel: async () => createScriptedModel({ lines: [] }),
  announce: () => undefined,
  language: () => 'en',
});
const conversation = work.threads.create('bench', null).id;
const hour = 3_600_000;
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Shanghai', 'Australia/Lord_Howe'];
const patterns = Math.min(Number(tasks), 100);
const soon = new Date().getUTCHours() + 3;

db.commit('bench', () => {
  for (let at = 0; at < patterns; at++) {
    const schedule =
      at % 3 === 0
        ? ({ type: 'every', ms: (25 + at) * hour, from: Date.now() } as const)
        : ({ type: 'cron', pattern: `${at % 60} ${(soon + (at % 12)) % 24} ${1 + (at % 28)} * *`, zone: zones[at % zones.length] ?? 'UTC' } as const);
    const more = { conversation, folder: null, model: null, approve: 'ask', key: null, missed: { type: 'once' }, parent: null } as const;
    work.tasks.add({ ...more, checks: [], grants: [], budget: {}, goal: `look after thing ${at}`, schedule });
  }
  // The others are like these, each due a minute later than the one before.
  db.prepare(
    `WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < ?)
     INSERT INTO task (conversation, goal, approve, schedule, missed, state, next_due, placed, created_at)
     SELECT conversation, goal || ' ' || n, approve, schedule, missed, state, next_due + n * 60000, placed, created_at FROM task, copy WHERE n < ?`,
  ).run(Number(tasks) / 100, Number(tasks) / 100);
});
work.worker.start();
work.clock.start();

/** Median milliseconds of asking for what is due and what is next, as each look does. */
function findNext(): number {
  const samples = Array.from({ length: 500 }, () => {
    const begun = performance.now();
    work.firings.dueBy(Date.now());
    work.firings.nextAfter(Date.now());
    return performance.now() - begun;
  });
  return samples.sort((one, other) => one - other)[250] ?? 0;
}

const nextMs = findNext();
global.gc?.();
const [cpu, begun] = [process.cpuUsage(), performance.now()];
setTimeout(async () => {
  const { user, system } = process.cpuUsage(cpu);
  const passed = performance.now() - begun;
  const rss = memoryOf(process.pid)?.now ?? process.memoryUsage.rss() / 2 ** 20;
  process.stdout.write(JSON.stringify({ cpuMs: ((user + system) / 1000 / passed) * 60_000, nextMs, rss, next: work.firings.nextAfter(Date.now()) !== null }));
  await work.clock.stop();
  await work.worker.close();
  db.close();
  process.exit();
}, Number(ms));

// runs-per-second: one-step runs through the whole journal, against @coji/durably (durable steps on SQLite) in the same process, on the same disk.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDurably, defineJob } from '@coji/durably';
import Sqlite from 'better-sqlite3';
import { SqliteDialect } from 'kysely';
import { z } from 'zod';
import { probeDisk } from '../bed/disk.ts';
import { makeFolder } from '../bed/nacre.ts';
import { type Bench, median, round } from '../figure.ts';
import { openHeart } from './heart.ts';

const runs = 200;
const rounds = 3;
const atOnce = 4;

/**
 * Nacre: a message is accepted, its run is claimed, takes one step and ends; each of the four is a commit with synchronous=FULL, so what was acknowledged survives
 * a loss of power, and a step that may have happened is never blindly repeated. durably: a run is triggered, claimed under a lease, takes one step whose result is kept,
 * and completes; a step that was cut off is run again (at least once). It is measured with the same pragmas, and once more with synchronous=NORMAL, where
 * acknowledged runs can vanish when the power fails.
 */
export const runsPerSecond: Bench = async () => {
  const rates = { nacre: [] as number[], full: [] as number[], normal: [] as number[] };
  const fdatasyncs: number[] = [];
  for (let turn = 0; turn < rounds; turn++) {
    const { perSecond, fdatasyncMs } = await rateOfNacre();
    rates.nacre.push(perSecond);
    fdatasyncs.push(fdatasyncMs);
    rates.full.push(await rateOfDurably('FULL'));
    rates.normal.push(await rateOfDurably('NORMAL'));
  }
  return [
    {
      name: 'runs-per-second',
      value: round(median(rates.nacre), 0),
      unit: 'runs/s',
      runs,
      rounds,
      atOnce,
      fdatasyncMs: median(fdatasyncs),
      guarantee: 'synchronous FULL: acknowledged runs survive power loss; an interrupted step is never repeated blindly',
      durably: round(median(rates.full), 0),
      durablyGuarantee: '@coji/durably 0.15.0, synchronous FULL: acknowledged runs survive power loss; an interrupted step is run again',
      durablyNormal: round(median(rates.normal), 0),
      durablyNormalGuarantee: 'synchronous NORMAL: acknowledged runs may vanish on power loss',
      ratio: round(median(rates.nacre) / median(rates.full)),
    },
  ];
};

async function rateOfNacre(): Promise<{ readonly perSecond: number; readonly fdatasyncMs: number }> {
  const heart = openHeart('rate', () => ({ text: 'Done.' }));
  try {
    const fdatasyncMs = probeDisk(heart.folder);
    const places = Array.from({ length: runs }, (_, at) => heart.work.threads.create(`run ${at}`, null).id);
    const startedAt = performance.now();
    for (const conversation of places) await heart.work.inbox.post({ conversation, text: 'Do it.' });
    await heart.work.worker.untilIdle();
    const seconds = (performance.now() - startedAt) / 1000;
    const done = heart.db.prepare<{ n: number }>(`SELECT count(*) AS n FROM run WHERE state = 'done'`).get()?.n;
    if (done !== runs) throw new Error(`${done} of ${runs} runs were done`);
    return { perSecond: runs / seconds, fdatasyncMs };
  } finally {
    await heart.close();
  }
}

async function rateOfDurably(synchronous: 'FULL' | 'NORMAL'): Promise<number> {
  const home = makeFolder('durably');
  const database = new Sqlite(join(home, 'durably.db'));
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${synchronous}`);
  const job = defineJob({
    name: 'one-step',
    input: z.object({ n: z.number() }),
    run: async (step) => {
      await step.run('reply', async () => 'Done.');
    },
  });
  const durably = createDurably({
    dialect: new SqliteDialect({ database }),
    pollingIntervalMs: 1,
    maxConcurrentRuns: atOnce,
    preserveSteps: true,
    jobs: { job },
  });
  try {
    await durably.init();
    let done = 0;
    const ended = new Promise<void>((resolve) => {
      durably.on('run:complete', () => {
        done += 1;
        if (done === runs) resolve();
      });
    });
    const startedAt = performance.now();
    for (let n = 0; n < runs; n++) await durably.jobs.job.trigger({ n });
    await ended;
    return runs / ((performance.now() - startedAt) / 1000);
  } finally {
    await durably.stop();
    database.close();
    rmSync(home, { recursive: true, force: true });
  }
}

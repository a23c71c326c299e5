// The property: whatever happens, in whatever order, and wherever the power fails, the invariants hold.
import fc from 'fast-check';
import { anyCommand, drain } from './commands.ts';
import { newPerson } from './person.ts';
import { checkEnd } from './truth/invariants.ts';
import { createDisk } from './world/disk.ts';
import type { Bug } from './world/life.ts';
import { fakeTimers } from './world/timers.ts';
import { createWorld } from './world/world.ts';

export type Tally = { histories: number; commands: number; crashes: number; runs: number; entries: number; effects: number };

type Given = { readonly bug?: Bug /** Commands at most. */; readonly size: number };

const usualSeed = 20_261_127;

/**
 * So many histories, or what the environment asks for: NACRE_HISTORIES, and to see a failure again NACRE_HISTORY_SEED, NACRE_HISTORY_PATH and,
 * for the shortest form of it, NACRE_HISTORY_REPLAY.
 */
export function askedFor(count: number): fc.Parameters<unknown> {
  const { NACRE_HISTORIES: wanted, NACRE_HISTORY_SEED: seed, NACRE_HISTORY_PATH: path } = process.env;
  // The same histories for everybody, so that a change is judged by itself; other seeds are for whoever looks for more.
  return { numRuns: Number(wanted ?? count), seed: Number(seed ?? usualSeed), ...(path === undefined ? {} : { path }) };
}

/** Runs the property; rejects with fast-check's report, which holds the seed and the shortest history that fails. */
export async function checkHistories(options: fc.Parameters<unknown>, { bug = {}, size }: Given): Promise<Tally> {
  const replayPath = process.env['NACRE_HISTORY_REPLAY'];
  const disk = createDisk(bug);
  const tally: Tally = { histories: 0, commands: 0, crashes: 0, runs: 0, entries: 0, effects: 0 };
  const timers = fakeTimers();
  const commands = fc.commands(anyCommand, { maxCommands: size, size: 'max', ...(replayPath === undefined ? {} : { replayPath }) });
  const property = fc.asyncProperty(commands, fc.nat(), async (history, seed) => {
    const world = createWorld({ disk, timers, seed, bug });
    const person = newPerson();
    try {
      world.life.work.worker.start();
      world.life.work.clock.start();
      await fc.asyncModelRun(() => ({ model: person, real: world }), history);
      await drain(world, person);
      checkEnd(world, person);
      const { runs, entries } =
        world.life.raw.prepare<Tally>('SELECT (SELECT count(*) FROM run) AS runs, (SELECT count(*) FROM entry) AS entries').get() ?? tally;
      tally.histories += 1;
      tally.crashes += world.crashes;
      tally.runs += runs;
      tally.entries += entries;
      tally.effects += world.effects.size;
      for (const _ of history) tally.commands += 1;
    } finally {
      world.close();
    }
  });
  try {
    await fc.assert(property, options as fc.Parameters<[unknown, number]>);
  } finally {
    timers.restore();
    disk.remove();
  }
  return tally;
}

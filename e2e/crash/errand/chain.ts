// An errand that is killed over and over, and what is left of it: each life begins where the last one was cut off.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Errand, type Kill, live } from './life.ts';
import type { LedgerServer } from './server.ts';
import { judge } from './verdict.ts';

export type Tally = {
  readonly lost: string[];
  readonly repeated: string[];
  readonly wrong: string[];
  unknown: number;
  kills: number;
  /** Kills while the process was still taking up what the kill before had cut off. */
  duringRecovery: number;
  errands: number;
  readonly resumeMs: number[];
};

export type Conditions = { readonly steps: number; readonly ledger: LedgerServer; readonly withoutIntent: boolean };

export function newTally(): Tally {
  return { lost: [], repeated: [], wrong: [], unknown: 0, kills: 0, duringRecovery: 0, errands: 0, resumeMs: [] };
}

/** How often an undisturbed errand passes each failpoint. */
export async function countPasses(conditions: Conditions): Promise<ReadonlyMap<string, number>> {
  const errand = begin(conditions);
  const log = join(errand.data, 'passes.json');
  await live(errand, null, log);
  const passes = new Map(Object.entries(JSON.parse(readFileSync(log, 'utf8')) as Record<string, number>));
  rmSync(errand.data, { recursive: true, force: true });
  return passes;
}

/**
 * Goes through the kills one life after the other, on as many errands as that takes, lets the last errand of them end, and adds what it finds.
 * A run that is cut off three times without one step between is parked as poisonous, and rightly: so after a life without a step the next one is let take some.
 */
export async function suffer(conditions: Conditions, kills: readonly Kill[], tally: Tally): Promise<void> {
  const left = [...kills];
  do {
    const errand = begin(conditions);
    let isOver = false;
    for (let idle = 0, isFirst = true; !isOver; isFirst = false) {
      const kill = idle >= 1 ? null : (left.shift() ?? null);
      const lived = await live(errand, kill ?? (idle >= 1 && left.length > 0 ? { type: 'point', name: 'entry.outcome.after', pass: 3 } : null));
      isOver = !lived.killed;
      tally.kills += Number(lived.killed);
      if (!isFirst && lived.killed && lived.steps === 0) tally.duringRecovery += 1;
      if (!isFirst && lived.firstStepMs !== null) tally.resumeMs.push(lived.firstStepMs);
      idle = lived.steps > 0 ? 0 : idle + 1;
    }
    conclude(errand, conditions, tally);
  } while (left.length > 0);
}

function begin({ steps, ledger, withoutIntent }: Conditions): Errand {
  const data = mkdtempSync(join(tmpdir(), 'nacre-errand-'));
  return { data, steps, server: ledger.open(basename(data)), withoutIntent };
}

function conclude({ data }: Errand, { steps, ledger }: Conditions, tally: Tally): void {
  const verdict = judge(data, steps, ledger.effects(basename(data)));
  tally.errands += 1;
  tally.unknown += verdict.unknown;
  tally.lost.push(...verdict.lost);
  tally.repeated.push(...verdict.repeated);
  tally.wrong.push(...verdict.wrong);
  rmSync(data, { recursive: true, force: true });
}

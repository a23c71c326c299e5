// The crash proof: errands of 200 steps, killed wherever they can be, must lose nothing and repeat nothing. As a program it prints its figures as one line of JSON.
import { parseArgs } from 'node:util';
import { type Conditions, countPasses, newTally, suffer, type Tally } from './chain.ts';
import { inPairs, plan, type Size, sample, whole } from './plan.ts';
import { startLedger } from './server.ts';

export type Options = {
  readonly steps: number;
  readonly size: Size;
  readonly withoutIntent?: boolean;
  readonly seed?: number;
  readonly say?: (line: string) => void;
};

export async function provoke({
  steps,
  size,
  withoutIntent = false,
  seed = Date.now() % 1_000_000,
  say = () => undefined,
}: Options): Promise<Tally & { readonly seed: number }> {
  const ledger = await startLedger();
  const conditions: Conditions = { steps, ledger, withoutIntent };
  const tally = newTally();
  try {
    const passes = await countPasses(conditions);
    const { long, short } = plan(passes, steps, size, createRandom(seed), 400);
    say(`${passes.size} points, ${long.length} long errands at least, ${short.length} short ones; seed ${seed}`);
    await inPairs([...long.map((kills) => ({ kills, steps })), ...short.map((kills) => ({ kills, steps: 16 }))], async (errand) => {
      await suffer({ ...conditions, steps: errand.steps }, errand.kills, tally);
      say(`${tally.errands} errands, ${tally.kills} kills: ${tally.lost.length} lost, ${tally.repeated.length} repeated, ${tally.unknown} unknown`);
    });
  } finally {
    await ledger.close();
  }
  return { ...tally, seed };
}

/** The figures in the order in which people ask for them. */
export function summary(tally: Tally & { readonly seed: number }): Readonly<Record<string, unknown>> {
  const sorted = [...tally.resumeMs].sort((a, b) => a - b);
  return {
    lost: tally.lost.length,
    repeated: tally.repeated.length,
    unknown: tally.unknown,
    kills: tally.kills,
    duringRecovery: tally.duringRecovery,
    errands: tally.errands,
    resumeP95Ms: Math.round(sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0),
    resumeMedianMs: Math.round(sorted[Math.ceil(sorted.length * 0.5) - 1] ?? 0),
    otherwiseWrong: tally.wrong.length,
    seed: tally.seed,
  };
}

function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: { short: { type: 'boolean', default: false }, 'without-intent': { type: 'boolean', default: false }, seed: { type: 'string' } },
  });
  const tally = await provoke({
    steps: 200,
    size: values.short ? sample : whole,
    withoutIntent: values['without-intent'],
    say: (line) => console.error(line),
    ...(values.seed === undefined ? {} : { seed: Number(values.seed) }),
  });
  for (const wrong of [...tally.lost.map((name) => `lost: ${name}`), ...tally.repeated.map((name) => `repeated: ${name}`), ...tally.wrong])
    console.error(wrong);
  console.log(JSON.stringify(summary(tally)));
  process.exitCode = tally.lost.length + tally.repeated.length + tally.wrong.length === 0 ? 0 : 1;
}

// recall-scale: a large memory of made-up turns whose words are as unevenly common as those of a language, with needles to be found in it.
import { type Bench, percentile, round } from '../figure.ts';
import { type Line, makeMemory } from './store.ts';

const usual = 100_000;
const needleEvery = 5000;
const vocabulary = 60_000;
const wordsPerTurn = 20;
const turnsAtOnce = 5000;

/** `--turns 1000000` for the whole size. Memory is what the process holds above what it held when the empty memory was open. */
export const recallScale: Bench = async ({ turns }) => {
  const total = turns ?? usual;
  const random = seeded(7);
  const word = zipf(random);
  const bed = makeMemory();
  try {
    global.gc?.();
    const idle = process.memoryUsage().rss;
    let most = 0;
    const watch = (): void => {
      most = Math.max(most, process.memoryUsage().rss);
    };
    const needles = Array.from({ length: Math.ceil((total - 1) / needleEvery) }, (_, at) => at * needleEvery + 1);
    let seconds = 0;
    for (let done = 0; done < total; done += turnsAtOnce) {
      const lines = Array.from({ length: Math.min(turnsAtOnce, total - done) }, (_, at) => turn(done + at, word));
      const startedAt = performance.now();
      await bed.add(lines, 'scale');
      seconds += (performance.now() - startedAt) / 1000;
      watch();
    }
    const ingestMb = round((most - idle) / 1e6, 1);
    const space = bed.memory.space('scale');
    const times: number[] = [];
    const ask = async (query: string) => {
      const from = performance.now();
      const hits = await bed.memory.search({ query, tokens: 1024 }, space);
      times.push(performance.now() - from);
      watch();
      return hits;
    };
    let found = 0;
    for (const at of needles) if ((await ask(`What was the code ${needleOf(at)} for?`))[0]?.source.includes(`t${at}`)) found += 1;
    const mixed = [...times];
    times.length = 0;
    for (let at = 0; at < 100; at++) await ask(Array.from({ length: 10 }, word).join(' '));
    for (let at = 0; at < 100; at++) await ask(Array.from({ length: 8 }, (_, near) => spell(near + (at % 20))).join(' '));
    return [
      {
        name: 'recall-scale',
        value: round(percentile([...mixed, ...times], 0.95)),
        unit: 'ms, p95',
        goal: '20 ms; 5,000 turns/s; 60 MB',
        turns: total,
        needles: needles.length,
        needlesFoundFirst: found,
        p50Ms: round(percentile([...mixed, ...times], 0.5)),
        p95CommonWordsMs: round(percentile(times, 0.95)),
        ingestPerSecond: Math.round(total / seconds),
        ingestMbAboveIdle: ingestMb,
        mostMbAboveIdle: round((most - idle) / 1e6, 1),
        databaseMb: round(bed.bytes() / 1e6, 1),
      },
    ];
  } finally {
    bed.close();
  }
};

/** Sittings of twenty turns, a day apart. */
function turn(at: number, word: () => string): Line {
  const words = Array.from({ length: wordsPerTurn }, word).join(' ');
  const time = new Date(Date.UTC(2020, 0, 1) + Math.floor(at / 20) * 3 * 3_600_000 + (at % 20) * 60_000).toISOString();
  return {
    id: `t${at}`,
    at: time,
    author: at % 2 === 0 ? 'Ada' : 'Ben',
    text: at % needleEvery === 1 ? `${words} the code ${needleOf(at)} opens the gate` : words,
  };
}

function needleOf(at: number): string {
  return `zq${at.toString(36)}`;
}

function zipf(random: () => number): () => string {
  const sums: number[] = [];
  let sum = 0;
  for (let rank = 0; rank < vocabulary; rank++) {
    sum += 1 / (rank + 3);
    sums.push(sum);
  }
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, vocabulary - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return spell(low);
  };
}

/** A word that can be spoken, for each number. */
function spell(rank: number): string {
  const syllables = ['ba', 'ke', 'lo', 'mi', 'nu', 'ra', 'se', 'ti', 'vo', 'wu'];
  return [...String(rank + 10)].map((digit) => syllables[Number(digit)]).join('');
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

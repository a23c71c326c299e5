// step-overhead: what the assistant adds between a model's reply and the next request, every journal write included.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeDisk } from './bed/disk.ts';
import { type Bed, makeBed } from './bed/nacre.ts';
import { type Bench, type Figure, median, percentile, round } from './figure.ts';

const files = 7;

/** A run of 50 steps for the figure itself, then one of 1,000 to see whether a step gets dearer as the run grows. */
export const stepOverhead: Bench = async () => {
  const short = await measureRun(50);
  const long = await measureRun(1000);
  const figure: Figure = {
    name: 'step-overhead',
    value: short.median,
    unit: 'ms',
    p95: short.p95,
    goal: '2 ms beside the fdatasyncs',
    fdatasyncMs: short.fdatasyncMs,
    commitsPerStep: short.commitsPerStep,
    besideSyncs: round(short.median - short.commitsPerStep * short.fdatasyncMs),
    wholeRunMs: short.wholeRunMs,
    atStep10: long.around(10),
    atStep1000: long.around(1000),
    fdatasyncMsLongRun: long.fdatasyncMs,
  };
  return [figure];
};

type Measured = {
  readonly median: number;
  readonly p95: number;
  readonly fdatasyncMs: number;
  readonly commitsPerStep: number;
  readonly wholeRunMs: number;
  /** The median over the steps next to this one. */
  around(step: number): number;
};

async function measureRun(steps: number): Promise<Measured> {
  const bed = await makeBed({ steps, tool: 'read_file', argumentsOf: (step) => ({ path: `note-${step % files}.txt` }) });
  try {
    for (let file = 0; file < files; file++) writeFileSync(join(bed.folder, `note-${file}.txt`), `note ${file}: ${'lorem ipsum '.repeat(20)}\n`);
    const fdatasyncMs = probeDisk(bed.folder);
    const startedAt = performance.now();
    const out = await bed.start('ask', 'Read the notes, one after the other.', '--folder', bed.folder, '--model', 'bench', '--json').ended;
    const wholeRunMs = round(performance.now() - startedAt, 0);
    const waits = bed.server.requests.slice(1).flatMap(({ sinceReply }) => sinceReply ?? []);
    if (waits.length !== steps) throw new Error(`the run made ${waits.length} steps instead of ${steps}`);
    const around = (step: number): number => round(median(waits.slice(Math.max(0, Math.min(step, steps) - 10), step + 10)));
    return {
      median: round(median(waits)),
      p95: round(percentile(waits, 0.95)),
      fdatasyncMs,
      commitsPerStep: await countCommits(bed, out, steps),
      wholeRunMs,
      around,
    };
  } finally {
    await bed.close();
  }
}

/** Each entry of the journal is a commit of its own, and each commit one fdatasync. */
async function countCommits(bed: Bed, out: string, steps: number): Promise<number> {
  const last = JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as { readonly run?: number };
  const shown = await bed.start('run', 'show', `r${last.run}`, '--json').ended;
  const entries = shown.split('\n').filter((line) => line.startsWith('{"type":"entry"')).length;
  return Math.round(entries / steps);
}

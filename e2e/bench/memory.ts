// core-rss: the memory of the assistant's core at work, without a local model.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBed, memoryOf } from './bed/nacre.ts';
import { type Bench, round } from './figure.ts';

const steps = 50;

/** The most that the process had held by the last of 50 steps; what it holds at the first request is printed beside it. */
export const coreRss: Bench = async () => {
  const bed = await makeBed({ steps, tool: 'read_file', argumentsOf: () => ({ path: 'note.txt' }) });
  try {
    writeFileSync(join(bed.folder, 'note.txt'), `${'lorem ipsum '.repeat(80)}\n`);
    const running = bed.start('ask', 'Read the note fifty times.', '--folder', bed.folder, '--model', 'bench', '--json');
    const samples: { readonly now: number; readonly peak: number }[] = [];
    bed.server.onRequest(() => {
      const memory = memoryOf(running.child.pid ?? 0);
      if (memory !== null) samples.push(memory);
    });
    await running.ended;
    const last = samples.at(-1);
    if (last === undefined || samples.length !== steps + 1) throw new Error('memory can only be read where there is /proc (Linux)');
    return [
      {
        name: 'core-rss',
        value: round(last.peak, 1),
        unit: 'MB',
        goal: '150',
        atFirstRequest: round(samples[0]?.now ?? Number.NaN, 1),
        atLastStep: round(last.now, 1),
      },
    ];
  } finally {
    await bed.close();
  }
};

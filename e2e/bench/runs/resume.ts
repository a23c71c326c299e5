// resume-latency: a run of 200 steps is cut off near its end by SIGKILL; from the start of the next process to the first new step.
import { makeBed } from '../bed/nacre.ts';
import { type Bench, median, round } from '../figure.ts';

const steps = 200;
const cuts = [180, 183, 186, 189, 192, 195, 198];

/** The built command line. A step begins with the request to the model, here a server on loopback, which sees when it arrives. */
export const resumeLatency: Bench = async () => {
  const bed = await makeBed({ steps, tool: 'write_file', argumentsOf: (step) => ({ path: 'note.txt', content: `note ${step}` }) });
  try {
    await bed.start('task', 'add', 'Write two hundred notes.', '--folder', bed.folder, '--approve', 'folder', '--model', 'bench').ended;
    const samples: number[] = [];
    let startedAt = 0;
    let first = 0;
    for (const cut of cuts) {
      startedAt = performance.now();
      first = bed.server.requests.length;
      const { child, ended } = bed.start('work');
      const cutOff = new Promise<void>((resolve) => {
        bed.server.onRequest((request) => {
          if (bed.server.requests.length === first + 1 && first > 0) samples.push(round(request.at - startedAt, 0));
          if (bed.server.requests.length >= cut) child.kill('SIGKILL');
        });
        ended.then(
          () => resolve(),
          () => resolve(),
        );
      });
      await cutOff;
    }
    if (samples.length !== cuts.length - 1) throw new Error(`${samples.length} of ${cuts.length - 1} starts went on with the run`);
    return [{ name: 'resume-latency', value: median(samples), unit: 'ms', goal: '500', samples, atStep: cuts[0] ?? 0, steps }];
  } finally {
    await bed.close();
  }
};

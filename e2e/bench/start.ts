// cli-cold-start: from the start of the process to the first request for a model.
import { makeBed } from './bed/nacre.ts';
import { type Bench, median, round } from './figure.ts';

const runs = 9;

export const cliColdStart: Bench = async () => {
  const bed = await makeBed({ steps: 0, tool: 'read_file', argumentsOf: () => ({}) });
  try {
    const samples: number[] = [];
    for (let run = 0; run < runs; run++) {
      const startedAt = performance.now();
      await bed.start('ask', 'hi', '--model', 'bench', '--json').ended;
      const request = bed.server.requests.at(-1);
      if (request === undefined || bed.server.requests.length !== run + 1) throw new Error('no request reached the server');
      samples.push(round(request.at - startedAt, 0));
    }
    return [{ name: 'cli-cold-start', value: median(samples), unit: 'ms', goal: '600', samples }];
  } finally {
    await bed.close();
  }
};

// task-start-latency: from handing over a task to the first request to its model, with everything written to disk that must be.
import { probeDisk } from '../bed/disk.ts';
import { type Bench, median, percentile, round } from '../figure.ts';
import { openHeart } from './heart.ts';

const tasks = 200;

export const taskStartLatency: Bench = async () => {
  const asked: number[] = [];
  const heart = openHeart('start', () => {
    asked.push(performance.now());
    return { text: 'Done.' };
  });
  try {
    const fdatasyncMs = probeDisk(heart.folder);
    const samples: number[] = [];
    const conversation = heart.work.threads.create('bench', heart.folder).id;
    for (let task = 0; task < tasks; task++) {
      const startedAt = performance.now();
      heart.work.inbox.addTask({ goal: `task ${task}`, conversation });
      await heart.work.worker.untilIdle();
      samples.push((asked[task] ?? Number.NaN) - startedAt);
    }
    return [
      {
        name: 'task-start-latency',
        value: round(median(samples)),
        unit: 'ms',
        goal: '5',
        p95: round(percentile(samples, 0.95)),
        fdatasyncMs,
        first20: round(median(samples.slice(0, 20))),
        last20: round(median(samples.slice(-20))),
        tasks,
      },
    ];
  } finally {
    await heart.close();
  }
};

// long-run: one run of 10,000 steps. Its last steps must cost what its first ones did, its context must never exceed its budget, and little beside what was said may be stored.
import { createEntries } from '../../../electron/journal/entries.ts';
import { probeDisk } from '../bed/disk.ts';
import { type Bench, median, round } from '../figure.ts';
import { said } from '../journal.ts';
import { countTokens, openHeart } from './heart.ts';

const steps = 10_000;
const contextTokens = 32_768;
const edge = 300;
const line = 'lorem ipsum dolor sit amet '.repeat(38);

/** Each step writes a file, so that the run makes progress by any measure. Which line is said next is counted here, whatever the context looks like. */
export const longRun: Bench = async () => {
  const at: number[] = [];
  let mostTokens = 0;
  const heart = openHeart(
    'long',
    (request) => {
      at.push(performance.now());
      mostTokens = Math.max(mostTokens, countTokens(JSON.stringify([request.system, request.tools])) + sum(request.messages));
      const step = at.length;
      return step > steps ? { text: 'All written.' } : { tool: 'write_file', arguments: { path: `note-${step % 10}.txt`, content: `${step} ${line}` } };
    },
    contextTokens,
  );
  try {
    const fdatasyncMs = probeDisk(heart.folder);
    const { id } = heart.work.inbox.addTask({
      goal: 'Write ten thousand notes.',
      folder: heart.folder,
      approve: 'folder',
      checks: [{ type: 'file', path: 'note-1.txt' }],
    });
    await heart.work.worker.untilIdle();
    const task = heart.work.tasks.get(id);
    if (at.length !== steps + 1) throw new Error(`the run took ${at.length} steps and is ${task.state} (${task.fault?.message ?? task.waitingFor ?? ''})`);
    const took = at.slice(1).map((time, index) => time - (at[index] ?? time));
    const [first, last] = [median(took.slice(10, edge)), median(took.slice(-edge))];
    const entries = createEntries(heart.db, Date.now).of(task.run ?? 0);
    const transcript = entries.reduce((total, entry) => total + said(entry), 0);
    const stored = heart.db.checkpoint();
    return [
      {
        name: 'long-run',
        value: round(last / first),
        unit: 'last ÷ first step',
        firstMs: round(first),
        lastMs: round(last),
        fdatasyncMs,
        mostTokens,
        contextTokens,
        withinContext: mostTokens <= contextTokens,
        storedPerTranscriptByte: round(stored / transcript, 3),
        goalStored: '1.5',
        steps,
        seconds: round(((at.at(-1) ?? 0) - (at[0] ?? 0)) / 1000, 1),
      },
    ];
  } finally {
    await heart.close();
  }
};

function sum(messages: readonly { readonly text: string; readonly calls?: readonly unknown[] }[]): number {
  return messages.reduce((total, { text, calls }) => total + countTokens(text) + (calls === undefined ? 0 : countTokens(JSON.stringify(calls))), 0);
}

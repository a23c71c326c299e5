// step-overhead: what the assistant itself adds to each step of a run, every journal write included.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from '../../electron/compose.ts';
import { readPower } from '../../electron/desktop/power/power.ts';
import { createEntries } from '../../electron/journal/entries.ts';
import { openJournal } from '../../electron/journal/open.ts';
import { probeDisk } from './bed/disk.ts';
import { makeBed, makeFolder } from './bed/nacre.ts';
import { type Bench, type Figure, median, percentile, round } from './figure.ts';

/**
 * The figure: a run of 50 steps on a scripted model that answers at once, from reply to reply. Beside it: the same at the two ends of a run of 1,000 steps, and
 * what a model endpoint sees of the built command line between its reply and the next request, HTTP and printing included.
 */
export const stepOverhead: Bench = async () => {
  const short = await runScripted(50);
  const long = await runScripted(1000);
  const seen = await runAgainstEndpoint(50);
  const figure: Figure = {
    name: 'step-overhead',
    value: round(median(short.steps)),
    unit: 'ms',
    goal: '2 ms beside the fdatasyncs',
    p95: round(percentile(short.steps, 0.95)),
    fdatasyncMs: short.fdatasyncMs,
    fdatasyncsPerStep: short.commitsPerStep,
    besideSyncs: round(median(short.steps) - short.commitsPerStep * short.fdatasyncMs),
    atStep10: round(median(long.steps.slice(0, 20))),
    atStep1000: round(median(long.steps.slice(-20))),
    fdatasyncMsLongRun: long.fdatasyncMs,
    atEndpoint: round(median(seen)),
    atEndpointP95: round(percentile(seen, 0.95)),
  };
  return [figure];
};

type Measured = { readonly steps: readonly number[]; readonly fdatasyncMs: number; readonly commitsPerStep: number };

async function runScripted(steps: number): Promise<Measured> {
  const home = makeFolder('steps');
  const [data, folder] = [join(home, 'data'), join(home, 'work')];
  mkdirSync(folder);
  writeNotes(folder, steps);
  const lines = [{ calls: [{ tool: 'read_file', arguments: { path: 'note-%N%.txt' } }], repeat: steps }, { text: 'All done.' }];
  process.env['NACRE_SCRIPT'] = join(home, 'script.json');
  writeFileSync(process.env['NACRE_SCRIPT'], JSON.stringify({ contextTokens: 10_000_000, lines }));
  const before = probeDisk(folder);
  const ended = await follow(data, folder);
  const fdatasyncMs = round((before + probeDisk(folder)) / 2, 3);
  const commitsPerStep = Math.round(countEntries(data) / steps);
  rmSync(home, { recursive: true });
  if (ended.length !== steps + 1) throw new Error(`the run made ${ended.length - 1} steps instead of ${steps}`);
  return { steps: ended.slice(1).map((at, index) => at - (ended[index] ?? at)), fdatasyncMs, commitsPerStep };
}

/** When each reply of the run was recorded, in milliseconds. */
async function follow(data: string, folder: string): Promise<readonly number[]> {
  const startEngine = (): never => {
    throw new Error('no local model takes part in this');
  };
  const nacre = await compose({ data, host: 'node', locale: 'en-GB', keychain: null, desktop: null, power: readPower(), startEngine });
  const ended: number[] = [];
  nacre.subscribe((event) => {
    if (event.type === 'step.ended') ended.push(performance.now());
  });
  const conversation = await nacre.handlers['conversation.create']({ title: 'bench', folder });
  await nacre.handlers['conversation.post']({ conversation: conversation.id, text: 'Read the notes, one after the other.' });
  await nacre.untilIdle();
  await nacre.close();
  return ended;
}

/** Each entry of the journal is a commit of its own, and each commit one fdatasync. */
function countEntries(data: string): number {
  const db = openJournal(data);
  const count = createEntries(db, Date.now).of(1).length;
  db.close();
  return count;
}

async function runAgainstEndpoint(steps: number): Promise<readonly number[]> {
  const bed = await makeBed({ steps, tool: 'read_file', argumentsOf: (step) => ({ path: `note-${step}.txt` }) });
  try {
    writeNotes(bed.folder, steps);
    await bed.start('ask', 'Read the notes, one after the other.', '--folder', bed.folder, '--model', 'bench', '--json').ended;
    const waits = bed.server.requests.slice(1).flatMap(({ sinceReply }) => sinceReply ?? []);
    if (waits.length !== steps) throw new Error(`the run made ${waits.length} steps instead of ${steps}`);
    return waits;
  } finally {
    await bed.close();
  }
}

function writeNotes(folder: string, count: number): void {
  for (let note = 1; note <= count; note++) writeFileSync(join(folder, `note-${note}.txt`), `note ${note}: ${'lorem ipsum '.repeat(20)}\n`);
}

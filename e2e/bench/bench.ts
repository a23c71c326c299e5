// `npm run bench -- [--json] [NAME…] [--model FILE] [--data DIR] [--turns N]`: measures, and prints a line for each figure.
import { parseArgs } from 'node:util';
import { scheduler10k } from './background/scheduler.ts';
import type { Bench, Figure } from './figure.ts';
import { journalAppend, journalGrowth } from './journal.ts';
import { coreRss } from './memory.ts';
import { firstPromptTokens } from './prompt.ts';
import { recall } from './recall/recall.ts';
import { recallScale } from './recall/scale.ts';
import { recallUpdates } from './recall/updates.ts';
import { longRun } from './runs/long.ts';
import { runsPerSecond } from './runs/rate.ts';
import { resumeLatency } from './runs/resume.ts';
import { taskStartLatency } from './runs/start.ts';
import { sandboxSpawnOverhead } from './sandbox.ts';
import { cliColdStart } from './start.ts';
import { stepOverhead } from './steps.ts';

/** Loaded only when asked for: the engine is heavy, and its absence must not stop the other benchmarks. */
const localTokensPerSecond: Bench = async (options) => (await import('./local.ts')).localTokensPerSecond(options);
const localPrefillReuse: Bench = async (options) => (await import('./local.ts')).localPrefillReuse(options);
const chatPreemption: Bench = async (options) => (await import('./background/preemption.ts')).chatPreemption(options);

const starter: Bench = async (options) => (await import('./starter/starter.ts')).starter(options);
const prefixReuse: Bench = async (options) => (await import('./prefix.ts')).prefixReuse(options);

const benches: Readonly<Record<string, Bench>> = {
  'step-overhead': stepOverhead,
  'first-prompt-tokens': firstPromptTokens,
  'cli-cold-start': cliColdStart,
  'core-rss': coreRss,
  'task-start-latency': taskStartLatency,
  'runs-per-second': runsPerSecond,
  'resume-latency': resumeLatency,
  'long-run': longRun,
  'journal-append': journalAppend,
  'journal-growth': journalGrowth,
  'sandbox-spawn-overhead': sandboxSpawnOverhead,
  recall,
  'recall-scale': recallScale,
  'recall-updates': recallUpdates,
  'local-tokens-per-second': localTokensPerSecond,
  'local-prefill-reuse': localPrefillReuse,
  'chat-preemption': chatPreemption,
  'scheduler-10k': scheduler10k,
  'prefix-reuse': prefixReuse,
  starter,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, model: { type: 'string' }, data: { type: 'string' }, turns: { type: 'string' } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. The benchmarks are: ${Object.keys(benches).join(', ')}.`);
  process.exitCode = 64;
} else {
  const all = Object.keys(benches).filter((name) => name !== 'recall' || values.data !== undefined);
  for (const name of positionals.length > 0 ? positionals : all) await measure(name);
}

/** One that fails says why and lets the others go on. */
async function measure(name: string): Promise<void> {
  try {
    const figures =
      (await benches[name]?.({ model: values.model ?? null, data: values.data ?? null, turns: values.turns === undefined ? null : Number(values.turns) })) ??
      [];
    for (const figure of figures) console.log(values.json ? JSON.stringify(figure) : describe(figure));
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

function describe({ name, value, unit, ...extra }: Figure): string {
  const beside = Object.entries(extra).map(([key, held]) => `${key} ${Array.isArray(held) ? held.join(' ') : String(held)}`);
  return `${name.padEnd(24)} ${String(value).padStart(10)} ${unit.padEnd(26)} ${beside.join(', ')}`.trimEnd();
}

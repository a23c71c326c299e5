// `npm run bench -- [--json] [NAME…] [--model FILE]`: measures, and prints a line for each figure.
import { parseArgs } from 'node:util';
import type { Bench, Figure } from './figure.ts';
import { journalAppend, journalGrowth } from './journal.ts';
import { coreRss } from './memory.ts';
import { firstPromptTokens } from './prompt.ts';
import { cliColdStart } from './start.ts';
import { stepOverhead } from './steps.ts';

/** Loaded only when asked for: the engine is heavy, and its absence must not stop the other benchmarks. */
const localTokensPerSecond: Bench = async (options) => (await import('./local.ts')).localTokensPerSecond(options);
const localPrefillReuse: Bench = async (options) => (await import('./local.ts')).localPrefillReuse(options);

const prefixReuse: Bench = async (options) => (await import('./prefix.ts')).prefixReuse(options);

const benches: Readonly<Record<string, Bench>> = {
  'step-overhead': stepOverhead,
  'first-prompt-tokens': firstPromptTokens,
  'cli-cold-start': cliColdStart,
  'core-rss': coreRss,
  'journal-append': journalAppend,
  'journal-growth': journalGrowth,
  'local-tokens-per-second': localTokensPerSecond,
  'local-prefill-reuse': localPrefillReuse,
  'prefix-reuse': prefixReuse,
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false }, model: { type: 'string' } } });
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. The benchmarks are: ${Object.keys(benches).join(', ')}.`);
  process.exitCode = 64;
} else {
  for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) await measure(name);
}

/** One that fails says why and lets the others go on. */
async function measure(name: string): Promise<void> {
  try {
    const figures = (await benches[name]?.({ model: values.model ?? null })) ?? [];
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

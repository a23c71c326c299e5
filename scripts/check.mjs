// `npm run check`: the whole truth about the sources. Types, lint and formatting, house rules, unused code, unit tests. One line a stage.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ourNode, root, runMain, tool } from './parts/place.mjs';
import { showStage } from './parts/stage.mjs';
import { readCounts, readSkipped, vitestStage } from './parts/vitest.mjs';
import { setUp } from './setup.mjs';

/** Runs all stages, the unit tests beside the rest; prints a line each. `counts` are the unit tests', `leftOut` names those skipped. Never rejects. */
export async function check(say = console.log) {
  const startedAt = Date.now();
  const [still, tests] = await Promise.all([runInTurn(stillStages(), say), runInTurn([vitestStage('unit tests', 'unit')], say)]);
  const ok = [...still, ...tests].every((result) => result.ok);
  say(`${ok ? 'All checks passed' : 'Some checks failed'} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
  return { ok, counts: readCounts('unit'), leftOut: readSkipped('unit') };
}

/** What looks at the sources without running them. */
function stillStages() {
  const node = ourNode();
  return [
    { name: 'types', command: node, args: [tool('typescript/bin/tsc'), '-b'] },
    {
      name: 'lint and formatting',
      command: node,
      args: [tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '--colors=off', '--max-diagnostics=50'],
    },
    { name: 'house rules', command: node, args: [join(root, 'scripts', 'house.ts')], brief: (output) => output.trim().split('\n').at(-1) },
    { name: 'lock file', command: node, args: [join(root, 'scripts', 'lock.mjs'), '--check'] },
    { name: 'unused code', command: node, args: [tool('knip/bin/knip.js'), '--no-progress'] },
  ];
}

async function runInTurn(stages, say) {
  const results = [];
  for (const stage of stages) results.push(await showStage(stage, say));
  return results;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    await setUp();
    return (await check()).ok ? 0 : 1;
  });
}

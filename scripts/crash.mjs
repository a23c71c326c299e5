// `npm run test:crash [-- --short] [-- --seed N]`: the crash proof in full. Errands of 200 steps are killed at every pass of every named point, at 300 moments
// that nobody chose, and again during recovery. The last line is JSON; what was lost, repeated or otherwise wrong is named before it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { cache, environment, ourNode, root, runMain } from './parts/place.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp(console.error);
  const program = join(root, 'e2e', 'crash', 'errand', 'errand.ts');
  const env = environment({ NODE_COMPILE_CACHE: join(cache, 'compile') });
  return spawnSync(ourNode(), [program, ...process.argv.slice(2)], { env, stdio: 'inherit' }).status ?? 1;
});

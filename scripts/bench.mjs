// `npm run bench`: sets up and builds what is missing (said on stderr, because stdout is for the figures), then measures.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { environment, ourNode, root, runMain, Stop } from './parts/place.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp(console.error);
  const built = spawnSync(ourNode(), [join(root, 'scripts', 'build.mjs')], { cwd: root, env: environment(), stdio: ['ignore', 2, 2] });
  if (built.status !== 0) throw new Stop('The command line could not be built; the lines above say why.');
  return spawnSync(ourNode(), [join(root, 'e2e', 'bench', 'bench.ts'), ...process.argv.slice(2)], { env: environment(), stdio: 'inherit' }).status ?? 1;
});

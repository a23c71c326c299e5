// `npm run starter:train [-- --steps N --minutes M --threads T]`: makes the Starter from nothing, in two hours at most on two cores. Needs Python with PyTorch.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, runMain, Stop } from './parts/place.mjs';

const make = join(root, 'local-models', 'starter', 'make');
const checkpoint = join(root, '.cache', 'starter.pt');
const model = join(root, 'local-models', 'starter', 'starter.gguf');

await runMain(() => {
  const python = ['/usr/bin/python3', 'python3'].find((each) => spawnSync(each, ['-c', 'import torch, numpy']).status === 0);
  if (python === undefined) throw new Stop('Python with PyTorch is missing. On Debian and Ubuntu: sudo apt-get install -y python3-torch libopenblas0-pthread');
  mkdirSync(join(root, '.cache'), { recursive: true });
  // Without this the threads of OpenMP wait by spinning, which halves the speed.
  const env = { ...process.env, GOMP_SPINCOUNT: '0' };
  for (const [program, ...given] of [['asking.py'], ['train.py', checkpoint, ...process.argv.slice(2)], ['export.py', checkpoint, model]]) {
    if (spawnSync(python, [program, ...given], { cwd: make, env, stdio: 'inherit' }).status !== 0)
      throw new Stop(`${program} failed; the lines above say why.`);
  }
  console.log(`${model} is made. npm run bench -- starter scores it.`);
  return 0;
});

// Completes package-lock.json after `npm install`: adds the native packages for other systems that npm leaves out when its registry does
// not show them, because `npm ci` refuses a lock without them and people on those systems need them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, runMain, Stop } from './parts/place.mjs';

const systems = {
  darwin: 'darwin',
  mac: 'darwin',
  win: 'win32',
  win32: 'win32',
  linux: 'linux',
  android: 'android',
  freebsd: 'freebsd',
  openharmony: 'openharmony',
};
const processors = {
  arm64: 'arm64',
  x64: 'x64',
  ia32: 'ia32',
  arm: 'arm',
  armv7: 'arm',
  armv7l: 'arm',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  loong64: 'loong64',
  wasm32: 'wasm32',
};
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/** The lock with every exact optional dependency that it lacked, and how many were added. Pure. */
function complete(lock) {
  const missing = Object.values(lock.packages).flatMap((entry) =>
    Object.entries(entry.optionalDependencies ?? {}).map(([name, version]) => ({ name, version, dev: entry.dev })),
  );
  const added = missing.filter(({ name, version }) => lock.packages[`node_modules/${name}`] === undefined && /^\d/.test(version));
  const packages = { ...lock.packages };
  for (const { name, version, dev } of added) packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true };
  const sorted = Object.fromEntries(Object.entries(packages).sort(([left], [right]) => (left < right ? -1 : 1)));
  return { lock: { ...lock, packages: sorted }, added: new Set(added.map(({ name }) => name)).size };
}

/** Native packages carry their platform in their name: `binding-linux-x64-gnu`. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const pick = (table) => words.flatMap((word) => table[word] ?? []).slice(0, 1);
  const found = { os: pick(systems), cpu: pick(processors), libc: pick(libraries) };
  return Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(() => {
    const path = join(root, 'package-lock.json');
    const { lock, added } = complete(JSON.parse(readFileSync(path, 'utf8')));
    if (added > 0 && process.argv.includes('--check')) throw new Stop(`package-lock.json lacks ${added} packages of other systems. Run: node scripts/lock.mjs`);
    if (added > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
    console.log(added === 0 ? 'package-lock.json names the packages of every system.' : `Added ${added} packages of other systems to package-lock.json.`);
  });
}

// Builds the app and the command line into out/, or says that nothing has changed since the last time.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'out');
const stamp = join(out, 'built-from.txt');
const sources = ['electron', 'local-models', 'renderer', 'electron.vite.config.ts', 'package-lock.json', 'scripts/build.mjs'];
/** Native code, and a library that starts programs of its own, stay outside every bundle; everything else becomes part of it. */
const native = ['better-sqlite3', 'node-llama-cpp', '@anthropic-ai/sandbox-runtime'];
const outside = [...native.map((name) => new RegExp(`^${name}(/|$)`)), /^node:/];

process.chdir(root);
const current = fingerprint();
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === current && !process.argv.includes('--force')) {
  console.log('Build: up to date.');
} else {
  await buildAll().catch((error) => {
    console.error(`failed.\n${error instanceof Error ? error.message : error}`);
    process.exit(1);
  });
}

async function buildAll() {
  rmSync(stamp, { force: true });
  await step('the app (main process, preload, window)', buildApp);
  await step('the command line', buildCommandLine);
  mkdirSync(out, { recursive: true });
  writeFileSync(stamp, current);
}

/** Changes when any source that goes into the build does; test files do not. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const path of sources.flatMap(filesIn)) hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (/\.\w+$/.test(path)) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function step(what, run) {
  process.stdout.write(`Build: ${what} … `);
  const started = Date.now();
  await run();
  console.log(`${((Date.now() - started) / 1000).toFixed(1)} s`);
}

async function buildApp() {
  const { build } = await import('electron-vite');
  await build({ root, logLevel: 'warn' });
}

/** What plain Node runs: `nacre` as one file, and beside it the engine that it starts as a child. */
async function buildCommandLine() {
  await bundle('local-models/child.ts', 'engine');
  await bundle('local-models/llama.ts', 'engine-here');
  // Without its white space and comments it is read in half the time, and a fault still names its place.
  await bundle('electron/cli.ts', 'nacre', { codeSplitting: false, minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } } });
  chmodSync(join(out, 'cli/nacre.js'), 0o755);
}

async function bundle(entry, name, output = {}) {
  const { build } = await import('vite');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [engineApart()],
    ssr: { noExternal: true, external: native },
    build: {
      ssr: true,
      outDir: join(out, 'cli'),
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        external: outside,
        input: { [name]: join(root, entry) },
        output: { entryFileNames: '[name].js', chunkFileNames: `${name}-[name].js`, ...output },
      },
    },
  });
}

/** llama.cpp's library costs every start 0.3 s: the engine for this process stays a file of its own, loaded only where the settings ask for it. */
function engineApart() {
  return {
    name: 'engine-apart',
    enforce: 'pre',
    resolveId: (source, importer) => (importer !== undefined && source.endsWith('local-models/llama.ts') ? { id: './engine-here.js', external: true } : null),
  };
}

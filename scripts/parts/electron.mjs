// Finds Electron's binary, and fetches it once where it is missing. A failure is remembered for a day, so that the next start is quick.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cache, environment, modules, ourNode } from './place.mjs';

const home = join(modules, 'electron');
const memory = join(cache, 'electron-unavailable.json');
const day = 24 * 60 * 60 * 1000;
/** A download that brings nothing for this long is given up, and any download after `limit`. */
const stall = 30_000;
const limit = 15 * 60_000;

/** The binary's path, or null. Looks only: `require('electron')` would download. */
export function electronBinary() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const record = join(home, 'path.txt');
  if (!existsSync(record)) return null;
  const binary = join(override ?? join(home, 'dist'), readFileSync(record, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

/** Gets the binary. Never rejects: `{ binary }`, or `{ binary: null, reason }` with a reason in words. */
export async function fetchElectron(say) {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const remembered = recall(version);
  if (remembered !== null) return { binary: null, reason: remembered };
  const reason = (await reach()) ?? (await download(version, say));
  if (reason === null && electronBinary() !== null) return { binary: electronBinary() };
  const why = reason ?? 'the download left no binary behind';
  mkdirSync(cache, { recursive: true });
  writeFileSync(memory, JSON.stringify({ version, reason: why, at: Date.now() }));
  return { binary: null, reason: why };
}

function recall(version) {
  if (!existsSync(memory)) return null;
  try {
    const { version: tried, reason, at } = JSON.parse(readFileSync(memory, 'utf8'));
    return tried === version && Date.now() - at < day ? reason : null;
  } catch {
    rmSync(memory, { force: true });
    return null;
  }
}

/** Null where Electron's download place answers, else why not: within seconds, where the download itself would try for minutes. */
async function reach() {
  const address = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases';
  try {
    await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    return null;
  } catch (error) {
    return `${URL.canParse(address) ? new URL(address).host : address} can't be reached: ${error.cause?.code ?? error.cause?.message ?? error.message}`;
  }
}

async function download(version, say) {
  say(`Fetching Electron ${version} (about 120 MB, once) …`);
  const startedAt = Date.now();
  const child = spawn(ourNode(), [join(home, 'install.js')], { env: environment({ ELECTRON_GET_NO_PROGRESS: '1' }), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let stopped = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  let bytes = 0;
  let grewAt = Date.now();
  const pulse = setInterval(() => {
    const now = downloadedBytes(startedAt);
    if (now !== bytes) grewAt = Date.now();
    bytes = now;
    say(`  … ${(bytes / 1e6).toFixed(0)} MB, ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
    if (Date.now() - grewAt > stall || Date.now() - startedAt > limit) {
      stopped = 'the download stood still';
      child.kill('SIGKILL');
    }
  }, 5000);
  const code = await new Promise((resolve) => child.on('error', () => resolve(1)).on('close', resolve));
  clearInterval(pulse);
  if (code === 0) return null;
  return stopped || output.split('\n').find((line) => line.trim() !== '') || 'its installer ended without a word';
}

/** What @electron/get has written so far, in its temporary folder. */
function downloadedBytes(since) {
  const sizeOf = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith('electron-download-') && (statSync(join(tmpdir(), name), { throwIfNoEntry: false })?.mtimeMs ?? 0) >= since - 1000)
    .flatMap((name) => readdirSync(join(tmpdir(), name)).map((file) => join(tmpdir(), name, file)))
    .reduce((total, path) => total + sizeOf(path), 0);
}

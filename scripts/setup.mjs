// Makes node_modules match package-lock.json, and says what it does while it does it. Runs on any Node from 20 on, without packages.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isWindows, modules, root, runMain, Stop } from './parts/place.mjs';

const stamp = join(modules, '.nacre-setup');

/** Does nothing when all is in place. Throws a Stop with words when packages can't be had. */
export async function setUp(say = console.log) {
  requireNode();
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const wanted = createHash('sha256').update(`${lock}${process.platform}${process.arch}`).digest('hex');
  if (read(stamp) === wanted) return;
  if (!matches(JSON.parse(lock))) await install(JSON.parse(lock), say);
  writeFileSync(stamp, wanted);
}

function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new Stop(`Nacre needs Node 20 or newer; this is Node ${process.versions.node}. Get a newer one from https://nodejs.org.`);
}

/** Whether npm has already installed what the lock says: its own record in node_modules tells. */
function matches(lock) {
  const record = read(join(modules, '.package-lock.json'));
  if (record === null || !existsSync(join(modules, 'node', 'bin'))) return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(lock.packages).every(([path, entry]) => {
    if (path === '') return true;
    return installed[path] === undefined ? entry.optional === true || entry.devOptional === true : installed[path].version === entry.version;
  });
}

async function install(lock, say) {
  const count = Object.values(lock.packages).filter((entry) => fitsHere(entry)).length - 1;
  say(`Setting up: installing about ${count} packages, ${sizeHere()} on disk. This happens once.`);
  mkdirSync(modules, { recursive: true });
  const startedAt = Date.now();
  const freeAtStart = freeBytes();
  const progress = () => {
    const megabytes = Math.max(0, Math.round((freeAtStart - freeBytes()) / 1e6));
    say(`  … about ${megabytes} MB written, ${seconds(startedAt)} s`);
  };
  const pulse = setInterval(progress, 5000);
  const { code, output } = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=warn']);
  clearInterval(pulse);
  if (code !== 0) throw new Stop(explain(output));
  say(`  ${countInstalled()} packages are in place after ${seconds(startedAt)} s.`);
}

/** npm itself is started as a script where we know it (under `npm run`), so that no shell is needed. */
function runNpm(args) {
  const script = process.env.npm_execpath;
  const known = script !== undefined && /npm-cli\.c?js$/.test(script);
  const command = known ? process.execPath : isWindows ? 'npm.cmd' : 'npm';
  const child = spawn(command, known ? [script, ...args] : args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: !known && isWindows });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, output: `npm can't be started: ${error.message}` }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function explain(output) {
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line) && !/complete log|debug-0/.test(line));
  const words = (lines.length > 0 ? lines : output.split('\n')).map((line) => line.replace(/^npm (error|ERR!) ?/, '  ')).filter((line) => line.trim() !== '');
  const reason = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(output)
    ? 'The packages could not be fetched: the registry is out of reach. Check the network and start again.'
    : /ENOSPC/.test(output)
      ? `The packages did not fit: the disk is full. ${sizeHere()} are needed.`
      : 'npm could not install the packages. Its last words:';
  return [reason, ...words.slice(-8)].join('\n');
}

function fitsHere(entry) {
  const fits = (list, value) => list === undefined || list.includes(value);
  return fits(entry.os, process.platform) && fits(entry.cpu, process.arch);
}

/** llama.cpp's builds for graphics cards are most of it where they exist. */
function sizeHere() {
  return process.platform === 'darwin' || process.arch !== 'x64' ? 'about 0.8 GB' : 'about 1.5 GB (half of it llama.cpp for graphics cards)';
}

function countInstalled() {
  const list = (folder) => (existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : []);
  return list(modules).reduce((total, name) => total + (name.startsWith('@') ? list(join(modules, name)).length : 1), 0);
}

function freeBytes() {
  const { bavail, bsize } = statfsSync(root);
  return bavail * bsize;
}

function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(0);
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    await setUp();
    console.log('Everything is set up.');
  });
}

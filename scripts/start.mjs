// `npm start`: sets up and builds what is missing, then opens the app: in Electron, else in Chromium, else in the terminal.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { electronBinary, fetchElectron } from './parts/electron.mjs';
import { environment, isWindows, ourNode, root, runMain, Stop } from './parts/place.mjs';
import { setUp } from './setup.mjs';

const main = join(root, 'out', 'main', 'main.js');
const opener = join(root, 'e2e', 'host', 'open.ts');
const terminal = join(root, 'out', 'cli', 'nacre.js');
/** Seconds within which an ending counts as not having started. */
const settling = 8;

await runMain(async () => {
  const args = process.argv.slice(2);
  await setUp();
  if ((await run(ourNode(), [join(root, 'scripts', 'build.mjs')], {}, { holdBack: false })).code !== 0)
    throw new Stop('The app could not be built; the lines above say why.');
  return await open(args);
});

/** Each way is tried in turn; the reason why one is left out is one line. */
async function open(args) {
  if (!hasDisplay()) return openTerminal('There is no display', args);
  const { binary, reason } = await findElectron();
  if (binary === null) return openChromium(`The Electron binary can't be had here (${reason})`, args);
  const sandbox = isRoot() ? ['--no-sandbox'] : [];
  const { code, signal, seconds, complaint } = await run(binary, [...sandbox, main, ...args]);
  if (diedAtStart({ code, signal, seconds })) return openChromium(`Electron can't start here (${firstLine(complaint)})`, args);
  return code ?? 0;
}

/** No user namespaces, a missing library, a display that does not answer: the person still wants the app, in the next best way. */
function diedAtStart({ code, signal, seconds }) {
  return code !== 0 && signal !== 'SIGINT' && signal !== 'SIGTERM' && seconds < settling;
}

/** The line that names the cause, without colours, process ids and source positions. */
function firstLine(complaint) {
  const lines = stripVTControlCharacters(complaint)
    .split('\n')
    .map((line) => line.replace(/^[\s-]*(\[[^\]]*\]\s*)*/, ''));
  const telling = lines.find((line) => /missing x server|open display|suid sandbox|usable sandbox|shared librar|no-sandbox is not/i.test(line));
  return (telling ?? lines.find((line) => line !== '' && !line.startsWith('at ')) ?? 'it ended at once').slice(0, 120);
}

async function findElectron() {
  const present = electronBinary();
  return present === null ? await fetchElectron(console.log) : { binary: present, reason: '' };
}

async function openChromium(why, args) {
  const browser = findBrowser();
  if (browser === null) return openTerminal(`${why}, and there is no Chromium, Chrome or Edge`, args);
  console.log(`${why}; opening the same app in Chromium instead.`);
  const { code, signal, seconds, complaint } = await run(ourNode(), [opener, ...args], { NACRE_BROWSER: browser });
  if (diedAtStart({ code, signal, seconds })) return openTerminal(`${browser} can't open a window here (${firstLine(complaint)})`, args);
  return code ?? 0;
}

async function openTerminal(why, args) {
  console.log(`${why}; opening the chat in the terminal instead.`);
  const { code } = await run(ourNode(), [terminal, 'chat', ...args], {}, { holdBack: false });
  return code ?? 0;
}

function hasDisplay() {
  return (
    process.platform === 'darwin' || isWindows || [process.env.DISPLAY, process.env.WAYLAND_DISPLAY].some((display) => display !== undefined && display !== '')
  );
}

function isRoot() {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

/** A browser of the Chromium family that this computer has; null where none is found. Asked in a process of its own, because the answer is TypeScript. */
function findBrowser() {
  const finder = pathToFileURL(join(root, 'e2e', 'host', 'browser', 'chromium.ts')).href;
  const script = `import { findSystemChromium } from '${finder}'; process.stdout.write(findSystemChromium()?.executablePath ?? '');`;
  const { stdout } = spawnSync(ourNode(), ['--input-type=module', '-e', script], { encoding: 'utf8', env: environment() });
  return stdout === '' ? null : stdout;
}

/**
 * The child gets the terminal; Ctrl+C reaches it directly, so that it can end in its own way before we do. What a window says on stderr is held back
 * until it has settled: if it dies at once, that is the reason for the next way and not for a stack trace.
 */
async function run(command, args, extra = {}, { holdBack = true } = {}) {
  const startedAt = Date.now();
  const seconds = () => (Date.now() - startedAt) / 1000;
  // Some editors set this for their terminals; with it Electron would be a plain Node.
  const child = spawn(command, args, {
    env: environment({ ELECTRON_RUN_AS_NODE: undefined, ...extra }),
    stdio: ['inherit', 'inherit', holdBack ? 'pipe' : 'inherit'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    if (seconds() < settling) complaint += chunk;
    else process.stderr.write(chunk);
  });
  const wait = () => undefined;
  const pass = () => child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  const ended = await new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, signal: null, complaint: error.message }));
    child.on('close', (code, signal) => resolve({ code, signal, complaint }));
  });
  process.off('SIGINT', wait).off('SIGTERM', pass);
  return { ...ended, seconds: seconds() };
}

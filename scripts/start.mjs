// `npm start`: sets up and builds what is missing, then opens the app: in Electron, else in Chromium, else in the terminal.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { electronBinary, fetchElectron } from './parts/electron.mjs';
import { environment, isWindows, ourNode, root, runMain, Stop } from './parts/place.mjs';
import { setUp } from './setup.mjs';

const main = join(root, 'out', 'main', 'main.js');
const opener = join(root, 'e2e', 'host', 'open.ts');
const terminal = join(root, 'out', 'cli', 'nacre.js');

await runMain(async () => {
  const args = process.argv.slice(2);
  await setUp();
  if ((await run(ourNode(), [join(root, 'scripts', 'build.mjs')])).code !== 0) throw new Stop('The app could not be built; the lines above say why.');
  return await open(args);
});

/** Each way is tried in turn; the reason why one is left out is one line. */
async function open(args) {
  if (!hasDisplay()) return openTerminal('There is no display', args);
  const { binary, reason } = await findElectron();
  if (binary === null) return openChromium(`The Electron binary can't be had here (${reason})`, args);
  const sandbox = isRoot() ? ['--no-sandbox'] : [];
  const { code, signal, seconds } = await run(binary, [...sandbox, main, ...args]);
  // Electron that dies while starting (no user namespaces, a missing library) says so itself; the person still wants the app.
  return code === 0 || signal === 'SIGINT' || signal === 'SIGTERM' || seconds > 5
    ? (code ?? 0)
    : openChromium(`Electron can't start here (it ended with ${signal ?? code})`, args);
}

async function findElectron() {
  const present = electronBinary();
  return present === null ? await fetchElectron(console.log) : { binary: present, reason: '' };
}

async function openChromium(why, args) {
  const browser = findBrowser();
  if (browser === null) return openTerminal(`${why}, and there is no Chromium, Chrome or Edge`, args);
  console.log(`${why}; opening the same app in Chromium instead.`);
  const { code } = await run(ourNode(), [opener, ...args], { NACRE_BROWSER: browser });
  return code ?? 0;
}

async function openTerminal(why, args) {
  console.log(`${why}; opening the chat in the terminal instead.`);
  const { code } = await run(ourNode(), [terminal, 'chat', ...args]);
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

/** The child gets the terminal; Ctrl+C reaches it directly, so that it can end in its own way before we do. */
async function run(command, args, extra = {}) {
  const startedAt = Date.now();
  // Some editors set this for their terminals; with it Electron would be a plain Node.
  const child = spawn(command, args, { env: environment({ ELECTRON_RUN_AS_NODE: undefined, ...extra }), stdio: 'inherit' });
  const wait = () => undefined;
  const pass = () => child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  const ended = await new Promise((resolve) => {
    child.on('error', () => resolve({ code: 1, signal: null }));
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  process.off('SIGINT', wait).off('SIGTERM', pass);
  return { ...ended, seconds: (Date.now() - startedAt) / 1000 };
}

// Finds a Chromium: one that the system has, else the one from npm, unpacked once into a folder of ours.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { configureFonts } from './fonts.ts';

export type Chromium = {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
  /** False where it can only run without showing anything. */
  readonly canShow: boolean;
  readonly name: string;
};

const cache = resolve(import.meta.dirname, '../../../.cache/chromium');

/** One that can show a window: NACRE_BROWSER, else the first that is installed; null where there is none. */
export function findSystemChromium(): Chromium | null {
  const found = [process.env['NACRE_BROWSER'] ?? '', ...candidates()].find(isExecutable);
  return found === undefined ? null : { executablePath: found, env: {}, canShow: true, name: found };
}

/** A Chromium for tests. Unpacking takes some seconds, the first time only; says so. */
export function findChromium(say: (line: string) => void): Chromium {
  return findSystemChromium() ?? unpacked(say);
}

function candidates(): readonly string[] {
  if (process.platform === 'darwin') {
    return ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Chromium.app/Contents/MacOS/Chromium', 'Microsoft Edge.app/Contents/MacOS/Microsoft Edge'].map(
      (app) => join('/Applications', app),
    );
  }
  if (process.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => process.env[name] ?? '').filter((root) => root !== '');
    return roots.flatMap((root) =>
      ['Google/Chrome/Application/chrome.exe', 'Chromium/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'].map((app) => join(root, app)),
    );
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable'];
  return (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function unpacked(say: (line: string) => void): Chromium {
  const packed = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')));
  const { version } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as { version: string };
  if (process.platform !== 'linux') throw new Error('No Chrome, Chromium or Edge was found. Install one of them to run these tests.');
  const folder = join(cache, `${version}-${process.arch}`);
  if (!existsSync(folder)) {
    say(`Unpacking Chromium ${version} into ${folder} …`);
    unpack(packed, folder);
  }
  const env = { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_FILE: configureFonts(folder) };
  return { executablePath: join(folder, 'chromium'), env, canShow: false, name: `Chromium ${version} from npm` };
}

/** The package unpacks into the system's temporary folder and trusts what lies there; a process of its own makes that folder a fresh one of ours. */
function unpack(packed: string, folder: string): void {
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(join(cache, 'partial-'));
  const archives = ['chromium.br', 'al2023.tar.br', 'swiftshader.tar.br', 'fonts.tar.br'].map((name) => join(packed, 'bin', name));
  const script = `import { inflate } from ${JSON.stringify(join(packed, 'build/index.js'))}; for (const each of ${JSON.stringify(archives)}) await inflate(each);`;
  try {
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TMPDIR: partial },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

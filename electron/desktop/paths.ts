// Where things are: the data folder, and the parts of the built app beside this bundle.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export type Places = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
};

/** The data folder, absolute: `--data DIR`, else NACRE_DATA, else the system's place for application data. The command line and the window agree on it. */
export function dataFolder(places: Places): string {
  // Not strict: the app is also started with switches of Chromium's.
  const { data } = parseArgs({ args: [...places.argv], options: { data: { type: 'string' } }, strict: false }).values;
  const chosen = typeof data === 'string' ? data : (places.env['NACRE_DATA'] ?? '');
  return chosen === '' ? systemFolder(places) : resolve(chosen);
}

/** Paths inside `out/`, seen from the bundle of the main process. */
export function builtPaths(bundle: string): { readonly engine: string; readonly preload: string; readonly renderer: string } {
  return { engine: join(bundle, 'engine.js'), preload: join(bundle, '../preload/preload.cjs'), renderer: join(bundle, '../renderer') };
}

function systemFolder({ env, platform, home }: Places): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Nacre');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Nacre');
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'nacre');
}

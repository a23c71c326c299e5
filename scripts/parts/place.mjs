// Where things are: the repository, the Node that came with it, and the environment that its tools run in.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const modules = join(root, 'node_modules');
/** For what scripts remember between runs; not part of the repository. */
export const cache = join(root, '.cache');
export const isWindows = process.platform === 'win32';

/** The Node that our sources run on. Its path exists only after set-up. */
export function ourNode() {
  const own = join(modules, 'node', 'bin', isWindows ? 'node.exe' : 'node');
  return existsSync(own) ? own : process.execPath;
}

/** The file that a package's command starts, for `node FILE`: no shell and no .cmd in between. */
export function tool(path) {
  return join(modules, ...path.split('/'));
}

/** Our own environment, in which `node` and the packages' commands are found first. */
export function environment(extra = {}) {
  const path = [join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path, ...extra };
}

/** A failure with words for the person who started the script; shown without a stack. */
export class Stop extends Error {}

/** Runs a script's main function: its number becomes the exit code, and no failure shows a stack. */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof Stop ? error.message : `Something unexpected went wrong: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

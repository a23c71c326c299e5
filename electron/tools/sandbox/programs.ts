// The programs that containing a command takes, and the one command that installs what is missing of them.
import { accessSync, constants } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { orElse } from '../../durable.ts';
import { isWithin } from '../files/folder.ts';

/** What the package managers call them is the same everywhere. */
const needed: Readonly<Partial<Record<NodeJS.Platform, Readonly<Record<string, string>>>>> = {
  linux: { bwrap: 'bubblewrap', socat: 'socat', rg: 'ripgrep' },
  darwin: { rg: 'ripgrep' },
};
const installers: Readonly<Record<string, string>> = {
  'apt-get': 'sudo apt-get install -y',
  dnf: 'sudo dnf install -y',
  pacman: 'sudo pacman -S --needed',
  zypper: 'sudo zypper install -y',
  apk: 'sudo apk add',
  brew: 'brew install',
};

/** The packages, not the programs: `bubblewrap`, `socat`, `ripgrep`. */
export function missingPrograms(platform: NodeJS.Platform, path: string): readonly string[] {
  return Object.entries(needed[platform] ?? {}).flatMap(([program, name]) => (findProgram(program, path) === null ? [name] : []));
}

export function installCommand(packages: readonly string[], path: string): string {
  const installer = Object.entries(installers).find(([program]) => findProgram(program, path) !== null)?.[1] ?? 'sudo apt-get install -y';
  return `${installer} ${packages.join(' ')}`;
}

/** Absolute; never from inside `beyond`, a folder in which commands may put programs of their own. */
export function findProgram(name: string, path: string, beyond?: string): string | null {
  const places = path.split(':').filter((place) => isAbsolute(place) && (beyond === undefined || !isWithin(place, beyond)));
  return places.map((place) => join(place, name)).find(canRun) ?? null;
}

function canRun(path: string): boolean {
  return orElse(false, () => accessSync(path, constants.X_OK) === undefined);
}

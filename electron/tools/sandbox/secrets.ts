// What in the chosen folder itself a contained command may not read, and what it may not change: found anew before each command.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export type Secrets = { readonly secret: readonly string[]; readonly fixed: readonly string[] };

/** Keys and passwords as they lie about in folders of work. Not `*.pem`: programs bring public certificates under that name. */
const names: readonly string[] = [
  '.env',
  '.env.*',
  '.envrc',
  '.netrc',
  '.pypirc',
  '.git-credentials',
  '.htpasswd',
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ed25519',
];
const endings: readonly string[] = ['*.kdbx', '*.p12', '*.pfx', '*.jks', '*.keystore'];
/** Samples hold no secrets, and people want help with them. */
const harmless = /^\.env\.(example|sample|template|dist|defaults?)$/;
/** A repository is known by its HEAD; its settings and hooks are programs that git runs for the person later. */
const repositories: readonly string[] = ['**/.git/HEAD', '**/.git/modules/**/HEAD'];
/** What editors, shells and other assistants run of a folder without being told to. */
const startFiles: readonly string[] = [
  '.vscode',
  '.idea',
  '.mcp.json',
  '.claude',
  '.gitmodules',
  '.bashrc',
  '.bash_profile',
  '.profile',
  '.zshrc',
  '.zprofile',
  '.zshenv',
];

/** Ten times what a folder with a million files takes. */
const patienceMs = 20_000;

/** Throws where not all of the folder could be looked through in time: nothing runs contained without knowing what to hide. */
export async function findSecrets(ripgrep: string | null, folder: string): Promise<Secrets> {
  if (ripgrep === null) throw new Error('ripgrep is missing, so that the secrets in the folder can not be found');
  const found = await list(ripgrep, folder);
  const secret = found.filter((path) => basename(path) !== 'HEAD' && !harmless.test(basename(path)));
  const repositoriesHere = found.filter((path) => basename(path) === 'HEAD').map(dirname);
  const gitFile = join(folder, '.git');
  const fixed = [...repositoriesHere.flatMap(gitPrograms), ...startFiles.map((name) => join(folder, name)), ...(isFile(gitFile) ? [gitFile] : [])];
  return { secret, fixed: fixed.filter((path) => existsSync(path)) };
}

function list(ripgrep: string, folder: string): Promise<readonly string[]> {
  const wanted = [...names, ...endings, ...repositories].flatMap((glob) => ['--iglob', glob]);
  const args = ['--files', '--hidden', '--no-ignore', '--no-config', '--null', ...wanted, '--glob', '!**/node_modules', '--glob', '!**/.git/objects', '.'];
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, timeout: patienceMs, maxBuffer: 16_000_000, env: {} };
    execFile(ripgrep, args, options, (error, stdout) => {
      // 1: nothing was found; 2: not all could be read, then the command can't read it either.
      if (error !== null && error.code !== 1 && error.code !== 2)
        reject(new Error(`the secrets in the folder could not be found (${error.message.slice(0, 200)})`));
      else resolve(stdout.split('\0').flatMap((name) => (name === '' ? [] : [join(folder, name)])));
    });
  });
}

/** A repository without hooks gets an empty folder for them, which can then be held. */
function gitPrograms(repository: string): readonly string[] {
  const hooks = join(repository, 'hooks');
  if (!existsSync(hooks)) mkdirSync(hooks);
  return [hooks, join(repository, 'config'), join(repository, 'config.worktree')];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

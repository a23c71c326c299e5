// What in the chosen folder itself a contained command may not read, and what it may not change: found anew before each command.
import { execFile } from 'node:child_process';
import { type Dirent, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { orElse } from '../../durable.ts';

export type Secrets = { readonly secret: readonly string[]; readonly fixed: readonly string[] };

/** Keys and passwords as they lie about in folders of work. Not `*.pem`: programs bring public certificates under that name. */
const secretNames = '{.env,.env.*,.envrc,.netrc,.pypirc,.git-credentials,.htpasswd,id_rsa,id_dsa,id_ecdsa,id_ed25519,*.kdbx,*.p12,*.pfx,*.jks,*.keystore}';
const isSecret = /^(\.env(\..*|rc)?|\.netrc|\.pypirc|\.git-credentials|\.htpasswd|id_(rsa|dsa|ecdsa|ed25519)|.*\.(kdbx|p12|pfx|jks|keystore))$/i;
/** Samples hold no secrets, and people want help with them. */
const isHarmless = /^\.env\.(example|sample|template|dist|defaults?)$/;
/** A repository is known by its HEAD; its settings and hooks are programs that git runs for the person later. */
const repositories = '**/.git/{HEAD,modules/**/HEAD}';
const isRepository = /\/\.git\/(modules\/.*\/)?HEAD$/;
/** What editors, shells and other assistants run of a folder without being told to. */
const startFiles: readonly string[] = '.vscode .idea .mcp.json .claude .gitmodules .bashrc .bash_profile .profile .zshrc .zprofile .zshenv'.split(' ');

/** Ten times what a folder with a million files takes. */
const patienceMs = 20_000;
/** As many entries are looked through by ourselves before another program could have been started. */
const fewEntries = 500;

/** Throws where not all of the folder could be looked through in time: nothing runs contained without knowing what to hide. */
export async function findSecrets(ripgrep: string | null, folder: string): Promise<Secrets> {
  if (ripgrep === null) throw new Error('ripgrep is missing, so that the secrets in the folder can not be found');
  const { files, closed } = walk(folder, fewEntries) ?? (await list(ripgrep, folder)) ?? walk(folder, Number.POSITIVE_INFINITY) ?? nothing;
  const secret = [...files.filter((path) => isSecret.test(basename(path)) && !isHarmless.test(basename(path))), ...closed];
  const gitFile = join(folder, '.git');
  const programs = files.filter((path) => isRepository.test(path)).flatMap((head) => gitPrograms(dirname(head)));
  const fixed = [...programs, ...startFiles.map((name) => join(folder, name)), ...(isFile(gitFile) ? [gitFile] : [])];
  return { secret, fixed: fixed.filter((path) => existsSync(path)) };
}

/** `closed` are folders that we can't read now: a command could open them again, so all of them is secret. */
type Found = { readonly files: readonly string[]; readonly closed: readonly string[] };
const nothing: Found = { files: [], closed: [] };

/** Null where there are more than `most` entries. */
function walk(folder: string, most: number): Found | null {
  const [files, closed, folders]: [string[], string[], string[]] = [[], [], [folder]];
  let seen = 0;
  for (const here of folders) {
    const entries: readonly Dirent[] | null = orElse(null, () => readdirSync(here, { withFileTypes: true }));
    if (entries === null) closed.push(here);
    for (const entry of entries ?? []) {
      if (++seen > most) return null;
      const path = join(here, entry.name);
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && entry.name !== 'node_modules' && !path.endsWith('/.git/objects')) folders.push(path);
    }
  }
  return { files, closed };
}

/** Null where some folders can't be read. */
function list(ripgrep: string, folder: string): Promise<Found | null> {
  const wanted = [secretNames, repositories].flatMap((glob) => ['--iglob', glob]);
  const args = ['--files', '--hidden', '--no-ignore', '--no-config', '--null', ...wanted, '--glob', '!**/node_modules', '--glob', '!**/.git/objects', '.'];
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, timeout: patienceMs, maxBuffer: 16_000_000, env: {} };
    execFile(ripgrep, args, options, (error, stdout) => {
      // 1: nothing was found; 2: not all could be read.
      if (error === null || error.code === 1) resolve({ files: stdout.split('\0').flatMap((name) => (name === '' ? [] : [join(folder, name)])), closed: [] });
      else if (error.code === 2) resolve(null);
      else reject(new Error(`the secrets in the folder could not be found (${error.message.slice(0, 200)})`));
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

// Which places a contained command sees, sees empty, and may write. Pure but for one question to the disk: what exists.
import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { isWithin } from '../files/folder.ts';
import type { Secrets } from './secrets.ts';

/** The places of the person and of ours, absolute and real. */
export type Own = { readonly home: string; readonly data: string; readonly temporary: string /** The variable PATH. */; readonly path: string };

export type Ground = {
  readonly folder: string;
  /** For temporary files; what is written elsewhere is lost when the command ends. */
  readonly scratch: string;
  /** Seen empty; what is written there is in memory and lost. */
  readonly hidden: readonly string[];
  /** Seen as they are though inside of hidden places; never writable. */
  readonly shown: readonly string[];
  /** Inside of what is shown or writable, and yet not readable. */
  readonly secret: readonly string[];
  /** Inside of what is writable, and yet not writable. */
  readonly fixed: readonly string[];
};

/** Homes, other disks, what other programs leave lying about, and the keys of the computer (which matter where Nacre runs as root). */
const foreign: readonly string[] = '/home /root /Users /tmp /var/tmp /run/user /mnt /media /Volumes /boot /var/spool'.split(' ');
const keys: readonly string[] =
  '/etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow- /etc/sudoers /etc/sudoers.d /etc/ssh /etc/ssl/private /etc/wireguard /etc/krb5.keytab /etc/NetworkManager/system-connections /var/lib/NetworkManager /var/lib/systemd /Library/Keychains'.split(
    ' ',
  );

/** Of the home folder only programs are seen, and git's settings: who the person is and how they like it. Their passwords are elsewhere. */
const homely: readonly string[] =
  '.asdf .bun/bin .cargo/bin .config/git/config .config/git/ignore .deno/bin .fnm .gitconfig .local/bin .local/lib .local/share/fnm .local/share/mise/installs .local/share/pipx .local/share/pnpm .local/share/uv .npm-global .nvm .pyenv .rbenv .rustup .sdkman .volta go/bin'.split(
    ' ',
  );

/**
 * The secret place because of which nothing can be contained in this folder: it holds the whole home folder or our data, or it lies in our
 * data or in one of the home folder's dotted folders. Null where there is none.
 */
export function conflictWith({ home, data }: Own, folder: string): string | null {
  const held = [home, data].find((place) => isWithin(place, folder));
  if (held !== undefined) return held;
  if (isWithin(folder, data)) return data;
  const [first = ''] = isWithin(folder, home) ? folder.slice(home.length + 1).split(sep) : [];
  return first.startsWith('.') ? join(home, first) : null;
}

export function layGround({ home, data, temporary, path, folder, scratch }: Own & Pick<Ground, 'folder' | 'scratch'>, found: Secrets): Ground {
  const unseen = [home, data, temporary, ...foreign].filter((place) => existsSync(place) && !isWithin(place, folder));
  const programs = path.split(':').filter((entry) => isWithin(entry, home) && entry !== home && !dirname(entry).endsWith('/.ssh'));
  const shown = [...homely.map((name) => join(home, name)), ...programs, ownTools()];
  return {
    folder,
    scratch,
    hidden: [...new Set(unseen)],
    shown: [...new Set(shown)].filter((place) => existsSync(place) && unseen.some((hidden) => isWithin(place, hidden)) && !isWithin(place, data)),
    secret: [...keys.filter((place) => existsSync(place)), ...found.secret],
    fixed: found.fixed,
  };
}

/** The library's own programs must be seen inside, wherever Nacre is installed. */
function ownTools(): string {
  return join(dirname(new URL(import.meta.resolve('@anthropic-ai/sandbox-runtime')).pathname), '..', 'vendor');
}

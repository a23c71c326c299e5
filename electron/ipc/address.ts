// Where the socket of a data folder is found: in the folder itself, in a private folder where that path is too long, or a named pipe.
import { hash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { realPath } from '../durable.ts';

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, the closing NUL included. */
const longestPath = 100;

/** The one name by which both sides of a data folder know its socket; what the system calls it may differ. */
export function socketPath(data: string): string {
  return join(resolve(data), 'nacre.sock');
}

/** Addresses to try in this order. The second is for long paths and for file systems that hold no sockets. */
export function addresses(path: string): readonly string[] {
  // Two spellings of one folder must give one address.
  const key = hash('sha256', realPath(dirname(resolve(path)))).slice(0, 32);
  if (process.platform === 'win32') return [`\\\\.\\pipe\\nacre-${key}`];
  const elsewhere = join(tmpdir(), `nacre-${process.getuid?.() ?? 0}-${key}`, 'nacre.sock');
  return [path, elsewhere].filter((address) => Buffer.byteLength(address) <= longestPath);
}

/** Makes the folder of an address outside the data folder, for its owner only. */
export function makePrivate(address: string): void {
  mkdirSync(dirname(address), { recursive: true, mode: 0o700 });
}

/** False where someone else could have put the folder of this address there, or could reach into it: temporary folders are shared. */
export function isPrivate(address: string): boolean {
  const folder = lstatSync(dirname(address), { throwIfNoEntry: false });
  return folder?.isDirectory() === true && folder.uid === process.getuid?.() && (folder.mode & 0o077) === 0;
}

// One download from its address to a checked file: found, fetched, tried again when cut, verified, put in its place.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FaultError, fault } from '../../contract/fault.ts';
import { pause } from '../pause.ts';
import type { Address } from './address.ts';
import { findInHub, type Source } from './hub.ts';
import { Interrupted } from './interrupted.ts';
import { discard, removeNote, transfer } from './transfer.ts';

export type WebAddress = Exclude<Address, { type: 'file' }>;

export type JobParts = {
  /** Where finished files go; made if missing. */
  readonly folder: string;
  readonly fetch: typeof fetch;
  /** The hub's address, without a slash at its end. */
  readonly hub: string;
  /** Throws a FaultError where the file is no usable model; the file is removed then. */
  readonly check: (path: string) => Promise<{ readonly name: string; readonly bytes: number }>;
  /** Called with a finished, checked file, before the download is announced as done. */
  readonly keep: (path: string, name: string, bytes: number) => void;
  /** Milliseconds: without a byte before a try has failed; before the next try, doubling. */
  readonly limits: { readonly silenceMs: number; readonly firstWaitMs: number };
};

/** Tries in a row that may bring nothing new. */
const triesAtMost = 5;
/** Fewer where no connection comes about: most likely there is no network, and the person waits. */
const triesToConnect = 2;

/** Throws a FaultError, or whatever the last try threw. */
export async function fetchModel(parts: JobParts, address: WebAddress, name: string, signal: AbortSignal, progress: Progress): Promise<void> {
  const source = await patiently(parts, signal, () => locate(parts, address, signal));
  const path = join(parts.folder, ...placeOf(address, source));
  // A file of another size is an older version of it.
  const isThere = existsSync(path) && (source.bytes === null || (await stat(path)).size === source.bytes);
  if (!isThere) await fetchInto(path, source, parts, signal, progress);
  await keepChecked(parts, path, name);
}

type Progress = (received: number, total: number | null) => void;

async function locate(parts: JobParts, address: WebAddress, signal: AbortSignal): Promise<Source> {
  if (address.type === 'hub') return findInHub(parts.fetch, parts.hub, address, signal);
  return { url: address.url, path: decodeURI(new URL(address.url).pathname), bytes: null, sha256: null };
}

async function fetchInto(path: string, { url, bytes, sha256 }: Source, parts: JobParts, signal: AbortSignal, progress: Progress): Promise<void> {
  const part = `${path}.part`;
  let received = 0;
  await mkdir(dirname(path), { recursive: true });
  const transferred = (now: number, total: number | null): void => {
    received = now;
    progress(now, total);
  };
  const once = () => transfer({ fetch: parts.fetch, url, part, bytes, silenceMs: parts.limits.silenceMs, signal, progress: transferred });
  await patiently(parts, signal, once, () => received);
  if (sha256 !== null && (await hashOf(part, signal)) !== sha256) {
    await discard(part);
    throw new FaultError(fault('model.download-damaged', { host: new URL(url).host }, { retry: true }));
  }
  await rename(part, path);
  await removeNote(part);
}

async function keepChecked(parts: JobParts, path: string, name: string): Promise<void> {
  const checked = await parts.check(path).catch(async (error: unknown) => {
    await rm(path, { force: true });
    throw error;
  });
  parts.keep(path, name || checked.name || basename(path, '.gguf'), checked.bytes);
}

/** Tries again while another try may help and tries bring something new. */
async function patiently<T>({ limits }: JobParts, signal: AbortSignal, act: () => Promise<T>, received: () => number = () => 0): Promise<T> {
  for (let tries = 1, before = received(); ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (received() > before) tries = 1;
      before = received();
      const most = error instanceof Interrupted ? triesAtMost : error instanceof TypeError ? triesToConnect : 1;
      if (signal.aborted || tries >= most) throw error;
      await pause(limits.firstWaitMs * 2 ** (tries - 1), signal);
    }
  }
}

/** Below the models' folder, by where it came from, so that two files of one name never meet. */
function placeOf(address: WebAddress, { path }: Source): string[] {
  const from = address.type === 'hub' ? [address.owner, address.repository] : [new URL(address.url).hostname];
  const names = path.split('/').filter((name) => name !== '');
  return [...from, ...(names.length === 0 ? ['model.gguf'] : names)].map((name) =>
    name
      .replace(/[^\p{L}\p{N}._ -]/gu, '_')
      .replace(/^\.+/, '_')
      .slice(-150),
  );
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

// Downloads of models: found, fetched in the background, tried again when cut, checked, and only then handed over.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Fault, FaultError, fault } from '../../contract/fault.ts';
import type { Download } from '../../contract/model.ts';
import { pause } from '../pause.ts';
import type { Address } from './address.ts';
import { findInHub, type Source } from './hub.ts';
import { Interrupted } from './interrupted.ts';
import { discard, removeNote, transfer } from './transfer.ts';

export type Downloads = {
  /** Begins in the background; a source that is being downloaded already is not begun twice. */
  start(source: string, address: Exclude<Address, { type: 'file' }>, name: string): Download;
  /** What was fetched stays, and the same source goes on from there. */
  stop(id: string): void;
  /** Stops all and waits until nothing is written any more. */
  close(): Promise<void>;
};

export type DownloadParts = {
  /** Where finished files go; made if missing. */
  readonly folder: string;
  readonly fetch: typeof fetch;
  /** The hub's address, without a slash at its end. */
  readonly hub: string;
  /** Throws a FaultError where the file is no usable model. */
  readonly check: (path: string) => Promise<{ readonly name: string; readonly bytes: number }>;
  /** Called with a finished, checked file, before the download is announced as done. */
  readonly keep: (path: string, name: string, bytes: number) => void;
  readonly announce: (download: Download) => void;
  /** Milliseconds: without a byte before a try has failed; before the next try, doubling; between two announcements of progress. */
  readonly limits?: { readonly silenceMs: number; readonly firstWaitMs: number; readonly everyMs: number };
};

/** Tries in a row that may bring nothing new. */
const triesAtMost = 5;

export function createDownloads(parts: DownloadParts): Downloads {
  const limits = parts.limits ?? { silenceMs: 60_000, firstWaitMs: 1000, everyMs: 250 };
  const running = new Map<string, { download: Download; readonly stop: AbortController; readonly ended: Promise<void> }>();
  let started = 0;

  function start(source: string, address: Exclude<Address, { type: 'file' }>, name: string): Download {
    for (const { download } of running.values()) if (download.source === source) return download;
    const id = `d${process.pid}-${++started}`;
    const first: Download = { id, source, received: 0, total: null, state: 'running', fault: null };
    const stop = new AbortController();
    const show = createShow(first, limits.everyMs, (download) => {
      const one = running.get(id);
      if (one !== undefined) one.download = download;
      parts.announce(download);
    });
    const ended = work(address, name, stop.signal, show).finally(() => running.delete(id));
    running.set(id, { download: first, stop, ended });
    return first;
  }

  async function work(address: Exclude<Address, { type: 'file' }>, name: string, signal: AbortSignal, show: Show): Promise<void> {
    const host = new URL(address.type === 'web' ? address.url : parts.hub).host;
    try {
      const source = await patiently(
        signal,
        () => 0,
        () => locate(address, signal),
      );
      const path = join(parts.folder, ...placeOf(address, source));
      await fetchInto(path, source, signal, show);
      await keepChecked(path, name);
      show({ state: 'done' });
    } catch (error) {
      if (signal.aborted) show({ state: 'stopped' });
      else show({ state: 'failed', fault: faultOf(error, host) });
    }
  }

  async function locate(address: Exclude<Address, { type: 'file' }>, signal: AbortSignal): Promise<Source> {
    if (address.type === 'hub') return findInHub(parts.fetch, parts.hub, address, signal);
    return { url: address.url, file: decodeURIComponent(basename(new URL(address.url).pathname)) || 'model.gguf', bytes: null, sha256: null };
  }

  async function fetchInto(path: string, { url, bytes, sha256 }: Source, signal: AbortSignal, show: Show): Promise<void> {
    if (existsSync(path)) return;
    const part = `${path}.part`;
    let received = 0;
    await mkdir(dirname(path), { recursive: true });
    const progress = (now: number, total: number | null): void => {
      received = now;
      show({ received, total });
    };
    await patiently(
      signal,
      () => received,
      () => transfer({ fetch: parts.fetch, url, part, bytes, silenceMs: limits.silenceMs, signal, progress }),
    );
    if (sha256 !== null && (await hashOf(part, signal)) !== sha256) {
      await discard(part);
      throw new FaultError(
        fault('model.download-failed', { host: new URL(url).host, reason: 'the file arrived damaged (its checksum differs), so it was removed' }),
      );
    }
    await rename(part, path);
    await removeNote(part);
  }

  async function keepChecked(path: string, name: string): Promise<void> {
    const checked = await parts.check(path).catch(async (error: unknown) => {
      await rm(path, { force: true });
      throw error;
    });
    parts.keep(path, name || checked.name || basename(path, '.gguf'), checked.bytes);
  }

  /** Tries again while a try may help and brings something new. */
  async function patiently<T>(signal: AbortSignal, received: () => number, act: () => Promise<T>): Promise<T> {
    for (let tries = 1, before = received(); ; tries++) {
      try {
        return await act();
      } catch (error) {
        if (received() > before) tries = 1;
        before = received();
        if (signal.aborted || !mayPass(error) || tries >= triesAtMost) throw error;
        await pause(limits.firstWaitMs * 2 ** (tries - 1), signal);
      }
    }
  }

  return {
    start,
    stop: (id) => running.get(id)?.stop.abort(),
    async close() {
      const all = [...running.values()];
      for (const { stop } of all) stop.abort();
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

type Show = (change: Partial<Download>) => void;

/** Announces progress at most once per interval, and everything else at once. */
function createShow(first: Download, everyMs: number, announce: (download: Download) => void): Show {
  let download = first;
  let announcedAt = Number.NEGATIVE_INFINITY;
  return (change) => {
    download = { ...download, ...change };
    const now = performance.now();
    if (change.state === undefined && now - announcedAt < everyMs) return;
    announcedAt = now;
    announce(download);
  };
}

/** Below the models' folder, by where it came from, so that two files of one name never meet. */
function placeOf(address: Exclude<Address, { type: 'file' }>, { file }: Source): string[] {
  const from = address.type === 'hub' ? [address.owner, address.repository] : [new URL(address.url).hostname];
  return [...from, file].map((name) =>
    name
      .replace(/[^\p{L}\p{N}._ -]/gu, '_')
      .replace(/^\.+/, '_')
      .slice(-150),
  );
}

function mayPass(error: unknown): boolean {
  return error instanceof Interrupted || error instanceof TypeError;
}

function faultOf(error: unknown, host: string): Fault {
  if (error instanceof FaultError) return error.fault;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
  return fault(
    'model.download-failed',
    { host, reason: error instanceof Error ? [error.message, cause].filter(Boolean).join(': ') : String(error) },
    { retry: true },
  );
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

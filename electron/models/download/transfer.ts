// Fetches one file into a part beside its place, going on where an earlier try stopped if it is still the same file.
import { open, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { FaultError, fault } from '../../contract/fault.ts';
import { createClock } from '../pause.ts';
import type { Source } from './hub.ts';
import { Interrupted, refused } from './interrupted.ts';

/** `bytes` is the size the file is declared to have; null where that is unknown. */
export type Transfer = Pick<Source, 'url' | 'bytes'> & {
  readonly fetch: typeof fetch;
  /** Where the bytes go; a note of what they are is kept beside it. */
  readonly part: string;
  /** Milliseconds without a byte after which the try has failed. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  readonly progress: (received: number, total: number | null) => void;
};

/** One try. Resolves when the part is whole; throws Interrupted where another try may go on from here, a FaultError where none will help. */
export async function transfer(options: Transfer): Promise<void> {
  const { part, url, bytes, progress } = options;
  const { host } = new URL(url);
  const clock = createClock(options.silenceMs, options.signal);
  try {
    const kept = await keptOf(part, url);
    const response = await options.fetch(url, { headers: rangeFrom(kept), signal: clock.signal });
    const begin = await beginning(response, kept, host);
    if (begin === null) return;
    if (bytes !== null && begin.total !== null && begin.total !== bytes) throw otherSize(host, begin.total, bytes);
    const total = begin.total ?? bytes;
    await demandRoom(dirname(part), (total ?? 0) - begin.from);
    await writeFile(noteOf(part), JSON.stringify({ url, tag: begin.tag }));
    const received = await append(response, part, begin.from, host, (now) => {
      clock.heard();
      progress(now, total);
    });
    if (total !== null && received < total) throw new Interrupted('model.download-cut', { host });
    if (total !== null && received > total) throw otherSize(host, received, total);
  } catch (error) {
    if (clock.silent()) throw new Interrupted('model.download-silent', { host, seconds: Math.round(options.silenceMs / 1000) });
    throw error;
  } finally {
    clock.stop();
  }
}

/** Removes the part and its note. */
export async function discard(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(noteOf(part), { force: true });
}

export async function removeNote(part: string): Promise<void> {
  await rm(noteOf(part), { force: true });
}

const Note = z.object({ url: z.string(), tag: z.string() });
type Kept = { readonly size: number; readonly tag: string };
const nothing: Kept = { size: 0, tag: '' };
type Beginning = { readonly from: number; readonly total: number | null; readonly tag: string };

const noteOf = (part: string): string => `${part}.json`;

/** What is there of the same address and can be told to be the same version; else nothing. */
async function keptOf(part: string, url: string): Promise<Kept> {
  try {
    const note = Note.parse(JSON.parse(await readFile(noteOf(part), 'utf8')));
    const { size } = await stat(part);
    return note.url === url && note.tag !== '' ? { size, tag: note.tag } : nothing;
  } catch (_noneKept) {
    return nothing;
  }
}

function rangeFrom({ size, tag }: Kept): Record<string, string> {
  return { 'accept-encoding': 'identity', ...(size === 0 ? {} : { range: `bytes=${size}-`, 'if-range': tag }) };
}

/** Where the answer's bytes belong; null where all of them are here already. */
async function beginning(response: Response, kept: Kept, host: string): Promise<Beginning | null> {
  const tag = strongTag(response);
  const range = /bytes (?:(\d+)-\d+|\*)\/(\d+)/.exec(response.headers.get('content-range') ?? '');
  if (response.status === 416 && range !== null && Number(range[2]) === kept.size) {
    await response.body?.cancel();
    return null;
  }
  if (response.status === 206 && range !== null && Number(range[1]) === kept.size) return { from: kept.size, total: Number(range[2]), tag: tag || kept.tag };
  if (response.status === 206 || response.status === 416) {
    const found = response.headers.get('content-range') ?? '-';
    throw new FaultError(fault('model.download-failed', { host, reason: `HTTP ${response.status}, content-range: ${found}` }));
  }
  if (!response.ok) throw await refused(host, response);
  const length = response.headers.get('content-encoding') === null ? Number(response.headers.get('content-length') ?? Number.NaN) : Number.NaN;
  return { from: 0, total: Number.isFinite(length) ? length : null, tag };
}

/** Only a strong tag (or a date) promises the same bytes. */
function strongTag(response: Response): string {
  const tag = response.headers.get('etag') ?? '';
  return tag !== '' && !tag.startsWith('W/') ? tag : (response.headers.get('last-modified') ?? '');
}

async function append(response: Response, part: string, from: number, host: string, progress: (received: number) => void): Promise<number> {
  await using file = await open(part, from === 0 ? 'w' : 'a');
  let received = from;
  try {
    for await (const chunk of response.body ?? []) {
      if (received === 0 && !startsLikeGguf(chunk))
        throw new FaultError(fault('model.download-not-model', { host, type: response.headers.get('content-type') ?? '-' }));
      await file.writeFile(chunk);
      received += chunk.byteLength;
      progress(received);
    }
    await file.sync();
    return received;
  } catch (error) {
    throw readable(error, part, host);
  }
}

function startsLikeGguf(chunk: Uint8Array): boolean {
  const magic = Buffer.from('GGUF').subarray(0, chunk.byteLength);
  return Buffer.from(chunk.subarray(0, magic.byteLength)).equals(magic);
}

function readable(error: unknown, part: string, host: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return new FaultError(fault('app.disk-full', { folder: dirname(part) }));
  return error instanceof TypeError ? new Interrupted('model.download-cut', { host }) : error;
}

async function demandRoom(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (needed > bavail * bsize) throw new FaultError(fault('model.no-space', { needed: gigabytes(needed), free: gigabytes(bavail * bsize), folder }));
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function otherSize(host: string, found: number, declared: number): FaultError {
  return new FaultError(fault('model.download-size', { host, found, declared }));
}

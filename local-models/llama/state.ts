// A sequence's state on disk, with a note beside it of what it belongs to: native code would crash on another model's state.
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { EngineError } from '../engine.ts';
import type { Slot } from './slot.ts';

/** Which model and context a state fits. */
export type Owner = { readonly model: string; readonly contextTokens: number };

type Note = Owner & { readonly bytes: number; readonly checksum: number; readonly written: readonly { readonly start: number; readonly end: number }[] };

/** A name for the model's content: its size and the checksum of its first and last megabyte. */
export async function identify(file: string): Promise<string> {
  const megabyte = 1 << 20;
  await using handle = await open(file);
  const { size } = await handle.stat();
  const first = await handle.read(Buffer.alloc(Math.min(size, megabyte)), 0, null, 0);
  const last = await handle.read(Buffer.alloc(Math.min(size, megabyte)), 0, null, Math.max(0, size - megabyte));
  return `${size}-${crc32(first.buffer)}-${crc32(last.buffer)}`;
}

export async function saveState(slot: Slot, file: string, owner: Owner): Promise<number> {
  const partial = `${file}.partial`;
  await rm(noteOf(file), { force: true });
  await slot.sequence.saveStateToFile(partial);
  const note: Note = { ...owner, bytes: (await stat(partial)).size, checksum: await checksum(partial), written: slot.written() };
  await rename(partial, file);
  await writeFile(noteOf(file), JSON.stringify(note));
  return slot.sequence.nextTokenIndex;
}

export async function loadState(slot: Slot, file: string, owner: Owner): Promise<number> {
  const note = await readNote(file);
  if (note === null) throw new EngineError('state-mismatch', 'There is no saved state, or nothing says what it belongs to.');
  if (note.model !== owner.model || (note.contextTokens ?? Number.POSITIVE_INFINITY) > owner.contextTokens)
    throw new EngineError('state-mismatch', 'The saved state belongs to another model or a larger context.');
  const { size } = await stat(file);
  if (size !== note.bytes || (await checksum(file)) !== note.checksum) throw new EngineError('state-mismatch', 'The saved state is damaged.');
  await slot.sequence.loadStateFromFile(file, { acceptRisk: true });
  slot.restored(note.written ?? []);
  return slot.sequence.nextTokenIndex;
}

/** Whatever it holds: what is not as it was written fits no model and no state. */
async function readNote(file: string): Promise<Partial<Note> | null> {
  try {
    const [text] = await Promise.all([readFile(noteOf(file), 'utf8'), stat(file)]);
    return JSON.parse(text);
  } catch {
    // Missing or unreadable: the same to the caller, who reads the prompt again.
    return null;
  }
}

async function checksum(file: string): Promise<number> {
  let sum = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) sum = crc32(chunk, sum);
  return sum;
}

function noteOf(file: string): string {
  return `${file}.json`;
}

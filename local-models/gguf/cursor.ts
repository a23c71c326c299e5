// Reads little-endian values from a file in order, from a small buffer, and refuses to go past its end.
import type { FileHandle } from 'node:fs/promises';

/** `cut-off`: not all of it is there. `damaged`: it claims what can't be. `other`: it is well, but no language model. */
export type Flaw = 'wrong-magic' | 'cut-off' | 'damaged' | 'other';

/** Why a file is refused, as a clause. */
export class Unreadable extends Error {
  readonly flaw: Flaw;
  constructor(reason: string, flaw: Flaw = 'damaged') {
    super(reason);
    this.flaw = flaw;
    this.name = 'Unreadable';
  }
}

const portion = 1 << 20;

export type Cursor = ReturnType<typeof createCursor>;

export function createCursor(handle: FileHandle, size: number) {
  let held = Buffer.alloc(0);
  /** File offset of the buffer's first byte, and how many of its bytes are used. */
  let [start, used] = [0, 0];

  const fill = async (count: number): Promise<void> => {
    const position = start + used;
    if (position + count > size) throw new Unreadable('it ends in the middle of its header', 'cut-off');
    const next = Buffer.alloc(Math.min(Math.max(count, portion), size - position));
    let got = 0;
    while (got < next.length) {
      const { bytesRead } = await handle.read(next, got, next.length - got, position + got);
      if (bytesRead === 0) throw new Unreadable('it became shorter while it was read', 'cut-off');
      got += bytesRead;
    }
    [held, start, used] = [next, position, 0];
  };
  const bytes = async (count: number): Promise<Buffer> => {
    if (used + count > held.length) await fill(count);
    used += count;
    return held.subarray(used - count, used);
  };

  return {
    size,
    /** How far it has read, in bytes. */
    position: (): number => start + used,
    bytes,
    skip(count: number): void {
      if (start + used + count > size) throw new Unreadable('it ends in the middle of its header', 'cut-off');
      used += count;
    },
    u32: async (): Promise<number> => (await bytes(4)).readUInt32LE(),
    /** `what` names the value in the refusal when it is larger than `most`. */
    async u64(what: string, most: number): Promise<number> {
      const value = (await bytes(8)).readBigUInt64LE();
      if (value > BigInt(most)) throw new Unreadable(`it claims ${what} of ${value}; at most ${most} is believable`);
      return Number(value);
    },
  };
}

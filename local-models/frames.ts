// Joins a reply's pieces into one message per frame, because a message per token between processes costs a fast model a quarter of its speed.
import type { Piece } from './engine.ts';

/** About one frame of a screen. Milliseconds. */
const frameMs = 16;

/** The first piece after a pause goes at once; those that follow within a frame go together, in order. */
export function createFrames(send: (piece: Piece) => void) {
  let held: Piece[] = [];
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const pieces = held;
    held = [];
    for (const piece of pieces) send(piece);
  };
  const onFrame = (): void => {
    const any = held.length > 0;
    flush();
    if (any) timer = setTimeout(onFrame, frameMs);
  };
  return {
    /** Sends what is held; call it before the reply's end. */
    flush,
    push(piece: Piece): void {
      if (timer === null) {
        send(piece);
        timer = setTimeout(onFrame, frameMs);
        return;
      }
      const last = held.at(-1);
      const both = last === undefined ? null : joined(last, piece);
      if (both === null) held.push(piece);
      else held[held.length - 1] = both;
    },
  };
}

/** Two pieces of the same text as one; null where they are not. */
function joined(first: Piece, second: Piece): Piece | null {
  if ((first.type !== 'text' && first.type !== 'thought') || second.type !== first.type) return null;
  return { type: first.type, delta: first.delta + second.delta };
}

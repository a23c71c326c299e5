import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Piece } from './engine.ts';
import { createFrames } from './frames.ts';

test('the first piece goes at once, and those after it together, in order and whole', async () => {
  const sent: Piece[] = [];
  const frames = createFrames((piece) => sent.push(piece));
  frames.push({ type: 'reading', tokens: 9 });
  expect(sent).toEqual([{ type: 'reading', tokens: 9 }]);
  for (const delta of ['a', 'b']) frames.push({ type: 'thought', delta });
  for (const delta of ['c', 'd']) frames.push({ type: 'text', delta });
  await wait(60);
  frames.push({ type: 'text', delta: 'e' });
  frames.push({ type: 'text', delta: 'f' });
  frames.flush();
  expect(sent.slice(1)).toEqual([
    { type: 'thought', delta: 'ab' },
    { type: 'text', delta: 'cd' },
    { type: 'text', delta: 'e' },
    { type: 'text', delta: 'f' },
  ]);
});

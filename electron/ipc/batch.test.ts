import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Event } from '../contract/event.ts';
import { createBatch } from './batch.ts';

const text = (delta: string, run = 1): Event => ({ type: 'text.added', run, conversation: 1, task: null, delta });
const thought = (delta: string): Event => ({ type: 'thought.added', run: 1, conversation: 1, task: null, delta });
const started: Event = { type: 'run.started', run: 2, conversation: 1, task: null };

function record(delay: number) {
  const sent: (readonly Event[])[] = [];
  return { sent, batch: createBatch((events) => void sent.push(events), delay) };
}

test('pieces of text that come within a moment arrive as one', async () => {
  const { sent, batch } = record(1);
  for (const piece of ['Good ', 'mor', 'ning']) batch.add(text(piece));
  expect(sent).toEqual([]);
  await expect.poll(() => sent).toEqual([[text('Good morning')]]);
});

test('text of two runs, and text and thought, stay apart and in order', () => {
  const { sent, batch } = record(60_000);
  for (const event of [text('a'), text('b', 2), text('c'), thought('d'), thought('e')]) batch.add(event);
  batch.flush();
  expect(sent).toEqual([[text('a'), text('b', 2), text('c'), thought('de')]]);
});

test('any other event goes at once and takes the waiting text along', () => {
  const { sent, batch } = record(60_000);
  batch.add(text('a'));
  batch.add(started);
  expect(sent).toEqual([[text('a'), started]]);
});

test('after a flush nothing arrives twice', async () => {
  const { sent, batch } = record(1);
  batch.add(text('a'));
  batch.flush();
  await pause(20);
  batch.flush();
  expect(sent).toEqual([[text('a')]]);
});

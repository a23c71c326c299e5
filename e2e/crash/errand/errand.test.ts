import { expect, test } from 'vitest';
import { newTally, suffer } from './chain.ts';
import { provoke, summary } from './errand.ts';
import type { Kill } from './life.ts';
import { sample } from './plan.ts';
import { startLedger } from './server.ts';

test('an errand of 200 steps, killed at a sample of all points and moments and again during recovery, loses nothing and repeats nothing', {
  timeout: 600_000,
}, async () => {
  const tally = await provoke({ steps: 200, size: sample });
  console.log(JSON.stringify({ name: 'crash-short', ...summary(tally) }));
  expect({ lost: tally.lost, repeated: tally.repeated, wrong: tally.wrong, seed: tally.seed }).toEqual({ lost: [], repeated: [], wrong: [], seed: tally.seed });
  expect(tally.kills).toBeGreaterThan(40);
  expect(tally.duringRecovery).toBeGreaterThan(3);
});

test('without intents in the journal the same kills repeat effects: the proof can fail', { timeout: 300_000 }, async () => {
  const kills = Array.from({ length: 7 }, (): Kill => ({ type: 'point', name: 'effect.after', pass: 2 }));
  const ledger = await startLedger();
  const [sound, unsound] = [newTally(), newTally()];
  await suffer({ steps: 16, ledger, withoutIntent: false }, kills, sound);
  await suffer({ steps: 16, ledger, withoutIntent: true }, kills, unsound);
  await ledger.close();
  expect([sound.lost, sound.repeated, sound.wrong]).toEqual([[], [], []]);
  expect(unsound.repeated.length).toBeGreaterThan(0);
});

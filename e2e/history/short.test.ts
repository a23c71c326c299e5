import { expect, test } from 'vitest';
import { askedFor, checkHistories } from './histories.ts';

test('8,500 short histories with crashes, jumping clocks and full disks keep what the design promises', { timeout: 900_000 }, async () => {
  const tally = await checkHistories(askedFor(8_500), { size: 9 });
  console.log(JSON.stringify({ name: 'histories-short', ...tally }));
  expect(tally.histories).toBeGreaterThan(0);
});

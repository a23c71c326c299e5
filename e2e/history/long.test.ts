import { expect, test } from 'vitest';
import { askedFor, checkHistories } from './histories.ts';

test('1,500 long histories with crashes, jumping clocks and full disks keep what the design promises', { timeout: 900_000 }, async () => {
  const tally = await checkHistories(askedFor(1_500), { size: 26 });
  console.log(JSON.stringify({ name: 'histories-long', ...tally }));
  expect(tally.histories).toBeGreaterThan(0);
});

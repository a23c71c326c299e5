// tmp
import { checkHistories } from './histories.ts';

const at = Date.now();
const tally = await checkHistories({
  numRuns: Number(process.env['N'] ?? 100),
  ...(process.env['SEED'] ? { seed: Number(process.env['SEED']) } : {}),
  ...(process.env['P'] ? { path: process.env['P'] } : {}),
  verbose: 1,
});
console.log(tally, Date.now() - at);

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { version } from './contract/version.ts';

test('the version that people see is that of the package', () => {
  expect(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version).toBe(version);
});

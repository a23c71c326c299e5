// The stories: the built app as a person meets it.
import { defineConfig } from 'playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../.cache/stories',
  globalSetup: './setup.config.ts',
  // A busy machine can lose a click; what passes only at the second try is named in the report.
  retries: process.env['CI'] === undefined ? 0 : 1,
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
});

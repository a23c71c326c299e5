// Unit tests live beside the sources; the crash walk, which kills the process at every failpoint, random histories, loss of power, and the escapes from the sandbox take minutes
// and are projects of their own.
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests must pass on a laptop on its battery too: no folder, no battery. Processes that they start find our sources compiled.
const env = { NACRE_POWER_SUPPLY: '/nowhere', NODE_COMPILE_CACHE: join(import.meta.dirname, '.cache', 'compile') };
const shared = { pool: 'forks', testTimeout: 20_000, hookTimeout: 20_000, env } as const;

export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: [
      { test: { ...shared, name: 'unit', include: ['{electron,renderer,local-models,scripts}/**/*.test.{ts,tsx}'] } },
      { test: { ...shared, name: 'crash', include: ['e2e/**/*.test.ts'], exclude: ['e2e/escape/**'] } },
      { test: { ...shared, name: 'escape', include: ['e2e/escape/**/*.test.ts'] } },
    ],
  },
});

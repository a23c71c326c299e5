import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { inspect } from './inspect.ts';

const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true });
});

/** Builds a repository from path → text (a top sentence is added) and inspects it. */
function problemsIn(files: Readonly<Record<string, string>>): readonly string[] {
  const home = mkdtempSync(join(tmpdir(), 'house-'));
  homes.push(home);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), `// What this is for.\n${text}\n`);
  }
  return inspect(home).problems;
}

describe('who may import whom', () => {
  test('a room may import lower floors, and nothing is said', () => {
    const files = {
      'electron/contract/run.ts': 'export type Run = string;',
      'electron/journal/store.ts': "import type { Run } from '../contract/run.ts';\nexport type Store = { run: Run };",
      'electron/agent/loop.ts': "import type { Store } from '../journal/store.ts';\nexport const loop = (store: Store) => store;",
    };
    expect(problemsIn(files)).toEqual([]);
  });

  test('a room that imports a higher floor is named with the line', () => {
    const files = {
      'electron/journal/store.ts': "import type { Loop } from '../agent/loop.ts';\nexport type S = Loop;",
      'electron/agent/loop.ts': 'export type Loop = 1;',
    };
    expect(problemsIn(files)).toEqual(['electron/journal/store.ts:2  journal may not import agent, which is above it in the table of layers']);
  });

  test('neighbours on one floor do not import each other', () => {
    const files = { 'electron/tools/shell.ts': "export { a } from '../journal/a.ts';", 'electron/journal/a.ts': 'export const a = 1;' };
    expect(problemsIn(files)).toEqual(['electron/tools/shell.ts:2  tools may not import journal, which is its neighbour in the table of layers']);
  });

  test('the window may import the contract and nothing else of the main process', () => {
    const files = {
      'electron/contract/run.ts': 'export type Run = string;',
      'electron/log.ts': 'export type Log = 1;',
      'renderer/app.tsx': "import type { Run } from '../electron/contract/run.ts';\nexport type A = Run | import('../electron/log.ts').Log;",
    };
    expect(problemsIn(files)).toEqual(['renderer/app.tsx:3  renderer may not import electron/log.ts']);
  });

  test('the local engine imports nothing of ours, and only the models room imports it', () => {
    const files = {
      'local-models/engine.ts': "import type { R } from '../electron/contract/run.ts';\nexport type Engine = R;",
      'electron/contract/run.ts': 'export type R = 1;',
      'electron/tools/ask.ts': "export const ask = () => import('../../local-models/engine.ts');",
      'electron/models/local.ts': "export type { Engine } from '../../local-models/engine.ts';",
    };
    expect(problemsIn(files)).toEqual([
      'electron/tools/ask.ts:2  tools may not import local-models (only models, doctor, compose, main, cli may)',
      'local-models/engine.ts:2  local-models may not import electron/contract/run.ts',
    ]);
  });

  test('packages with an owner are refused elsewhere, as types and in tests too', () => {
    const files = {
      'electron/runs/a.ts': "import type { App } from 'electron';\nexport type A = App;",
      'electron/runs/b.test.ts': "import Database from 'better-sqlite3';\nnew Database('x');",
      'electron/tools/c.ts': "export const load = () => import('node-llama-cpp');",
      'electron/journal/d.ts': "export type { Database } from 'better-sqlite3';",
    };
    expect(problemsIn(files)).toEqual([
      'electron/runs/a.ts:2  only electron/ipc/, electron/desktop/, electron/main.ts, electron/preload.ts, e2e/host/ may import electron',
      'electron/runs/b.test.ts:2  only electron/journal/, e2e/bench/ may import better-sqlite3',
      'electron/tools/c.ts:2  only local-models/, e2e/bench/ may import node-llama-cpp',
    ]);
  });

  test('a room that the table of layers does not know is refused', () => {
    const files = { 'electron/attic/box.ts': "export type { R } from '../contract/run.ts';", 'electron/contract/run.ts': 'export type R = 1;' };
    expect(problemsIn(files)).toEqual(['electron/attic/box.ts:2  electron/attic has no floor in the table of layers (scripts/house/rules.ts)']);
  });
});

describe('cycles', () => {
  test('a cycle through a type import and a re-export is shown with its way round', () => {
    const files = {
      'electron/tools/a.ts': "import type { B } from './b.ts';\nexport type A = B;",
      'electron/tools/b.ts': "export { c } from './c.ts';\nexport type B = 1;",
      'electron/tools/c.ts': "import type { A } from './a.ts';\nexport const c: A = 1;",
    };
    expect(problemsIn(files)).toEqual([
      'electron/tools/a.ts  is part of a cycle of imports: electron/tools/a.ts → electron/tools/b.ts → electron/tools/c.ts → electron/tools/a.ts',
    ]);
  });

  test('two ways to the same file are not a cycle', () => {
    const files = {
      'electron/tools/a.ts': "import './b.ts';\nimport './c.ts';",
      'electron/tools/b.ts': "import './c.ts';",
      'electron/tools/c.ts': 'export const c = 1;',
    };
    expect(problemsIn(files)).toEqual([]);
  });
});

describe('sizes and names', () => {
  test('a function of 61 lines is refused and one of 60 is not, unless it is a test', () => {
    const body = (lines: number) => `export function long() {\n${'  void 0;\n'.repeat(lines - 2)}}`;
    expect(problemsIn({ 'electron/tools/a.ts': body(60), 'electron/tools/b.ts': body(61), 'electron/tools/c.test.ts': body(80) })).toEqual([
      'electron/tools/b.ts:2  long has 61 lines; 60 at most',
    ]);
  });

  test('a component counts as a function', () => {
    const files = { 'renderer/app.tsx': `export const App = () => (\n  <ul>\n${'    <li />\n'.repeat(60)}  </ul>\n);` };
    expect(problemsIn(files)).toEqual(['renderer/app.tsx:2  App has 64 lines; 60 at most']);
  });

  test('files have 400 lines at most, and the orchestrators fewer', () => {
    const lines = (count: number) => 'export {};\n'.repeat(count - 2);
    const files = {
      'electron/tools/a.ts': lines(399),
      'electron/tools/b.ts': lines(401),
      'electron/compose.ts': lines(201),
      'electron/preload.ts': lines(41),
      'electron/agent/loop.ts': lines(251),
    };
    expect(problemsIn(files)).toEqual([
      'electron/agent/loop.ts  has 251 lines; 250 at most',
      'electron/compose.ts  has 201 lines; 200 at most',
      'electron/preload.ts  has 41 lines; 40 at most',
      'electron/tools/b.ts  has 401 lines; 400 at most',
    ]);
  });

  test('a folder holds ten source files at most, tests not counted', () => {
    const files = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`electron/tools/a${at}.ts`, 'export {};']));
    const tests = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`electron/runs/a${at}.test.ts`, 'export {};']));
    expect(problemsIn({ ...files, ...tests })).toEqual(['electron/tools/  holds 11 source files; 10 at most']);
  });

  test('words that say nothing are refused in names of files and types', () => {
    const files = { 'electron/tools/file-utils.ts': 'export type ToolManager = 1;', 'electron/tools/camelCase.ts': 'export type Handler = 1;' };
    expect(problemsIn(files)).toEqual([
      'electron/tools/camelCase.ts  is not named in kebab-case',
      'electron/tools/file-utils.ts  has the banned word “utils” in its name',
      'electron/tools/file-utils.ts:2  the type ToolManager has the banned word “manager” in its name',
    ]);
  });

  test('default exports, empty catches and files without their sentence are refused', () => {
    const files = {
      'electron/tools/a.ts': 'try {\n  void 0;\n} catch {\n  // nothing\n}\nexport default 1;',
      'vite.config.ts': 'export default {};',
      'e2e/x.config.ts': 'export default {};',
    };
    expect(problemsIn(files)).toEqual(['electron/tools/a.ts:4  an empty catch hides a failure', 'electron/tools/a.ts:7  has a default export; name it']);
  });
});

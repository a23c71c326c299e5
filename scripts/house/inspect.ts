// Inspects the whole house: reads every source once and gathers what breaks a rule.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkCycles, checkImports } from './imports.ts';
import { type Budget, checkBudget, checkFolders, checkShape, countLines } from './sizes.ts';
import { readSource, type Source } from './source.ts';

export type Inspection = { readonly problems: readonly string[]; readonly files: number; readonly budget: Budget };

const folders = ['electron', 'renderer', 'local-models', 'e2e', 'scripts'];
const skipped = new Set(['node_modules', 'out', '.cache', 'shots', 'report']);

/** `root` is the repository's folder. Throws only when it can't be read. */
export function inspect(root: string): Inspection {
  const sources = listSources(root).map((path) => readSource(root, path));
  const shipped = sources.map((source) => source.path).filter((path) => !isTest(path));
  const budget = countLines(sources, isTest);
  const problems = [
    ...sources.flatMap((source) => checkShape(source, isTest(source.path))),
    ...checkFolders(shipped),
    ...checkImports(sources, isTest),
    ...checkCycles(sources),
    ...checkBudget(budget),
  ];
  return { problems, files: sources.length, budget };
}

function listSources(root: string): readonly Source['path'][] {
  const walk = (folder: string): readonly string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : walk(path);
      return /\.(ts|tsx|mjs)$/.test(entry.name) ? [path] : [];
    });
  const present = new Set(readdirSync(root));
  return folders.filter((folder) => present.has(folder)).flatMap(walk);
}

function isTest(path: string): boolean {
  return /\.(test|spec)\.tsx?$/.test(path);
}

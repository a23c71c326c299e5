// How big files, functions and folders may get, how files are named, and how many lines the product may have.
import { dirname } from 'node:path/posix';
import {
  bannedWords,
  coreBudget,
  coreFolders,
  defaultExports,
  fileLimits,
  folderLimit,
  functionLimit,
  lineLimit,
  productBudget,
  productFolders,
  wideFolders,
} from './rules.ts';
import type { Source } from './source.ts';

export type Budget = { readonly product: number; readonly core: number; readonly tests: number };

export function checkShape(source: Source, isTest: boolean): readonly string[] {
  const problems = [...checkName(source.path), ...checkLength(source)];
  for (const error of source.syntaxErrors) problems.push(`${source.path}  does not parse: ${error}`);
  for (const line of source.emptyCatches) problems.push(`${source.path}:${line}  an empty catch hides a failure`);
  if (isTest) return problems;
  if (!source.firstLine.startsWith('//') && !source.firstLine.startsWith('#!'))
    problems.push(`${source.path}:1  starts without a sentence saying what the file is for`);
  if (!mayExportDefault(source.path)) for (const line of source.defaultExports) problems.push(`${source.path}:${line}  has a default export; name it`);
  return [...problems, ...checkFunctions(source), ...checkTypeNames(source)];
}

export function checkFolders(paths: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  return [...counts]
    .filter(([folder, count]) => count > folderLimit && !(folder in wideFolders))
    .map(([folder, count]) => `${folder}/  holds ${count} source files; ${folderLimit} at most`);
}

export function countLines(sources: readonly Source[], isTest: (path: string) => boolean): Budget {
  const sum = (list: readonly Source[]): number => list.reduce((total, source) => total + source.lines, 0);
  const product = sources.filter((source) => !isTest(source.path) && under(source.path, productFolders));
  return {
    product: sum(product),
    core: sum(product.filter((source) => under(source.path, coreFolders))),
    tests: sum(sources.filter((source) => isTest(source.path))),
  };
}

export function checkBudget(budget: Budget): readonly string[] {
  const problems: string[] = [];
  if (budget.product > productBudget) problems.push(`the product has ${budget.product} lines; ${productBudget} at most`);
  if (budget.core > coreBudget) problems.push(`${coreFolders.join(', ')} have ${budget.core} lines together; ${coreBudget} at most`);
  return problems;
}

function checkName(path: string): readonly string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const words = name.split(/[-.]/);
  const problems = words.filter((word) => bannedWords.has(word)).map((word) => `${path}  has the banned word “${word}” in its name`);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)+$/.test(name)) problems.push(`${path}  is not named in kebab-case`);
  return problems;
}

function checkLength(source: Source): readonly string[] {
  const limit = fileLimits[source.path] ?? lineLimit;
  return source.lines > limit ? [`${source.path}  has ${source.lines} lines; ${limit} at most`] : [];
}

function checkFunctions(source: Source): readonly string[] {
  return source.functions
    .filter((one) => one.lines > functionLimit)
    .map((one) => `${source.path}:${one.line}  ${one.name} has ${one.lines} lines; ${functionLimit} at most`);
}

function checkTypeNames(source: Source): readonly string[] {
  return source.typeNames.flatMap(({ name, line }) => {
    const words = name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
    return words.filter((word) => bannedWords.has(word)).map((word) => `${source.path}:${line}  the type ${name} has the banned word “${word}” in its name`);
  });
}

function mayExportDefault(path: string): boolean {
  return path.endsWith('.config.ts') || Object.hasOwn(defaultExports, path);
}

function under(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}

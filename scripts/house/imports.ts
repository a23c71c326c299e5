// Who may import whom: the floors of electron/, the annexes around it, the owners of packages, and no cycles anywhere.
import { dirname, join } from 'node:path/posix';
import { annexes, doors, engineRooms, floors, owners } from './rules.ts';
import type { Import, Source } from './source.ts';

/** Tests may reach upwards to build what they test, but the owners of packages hold for them too. */
export function checkImports(sources: readonly Source[], isTest: (path: string) => boolean): readonly string[] {
  return sources.flatMap((source) =>
    source.imports.flatMap((one) => {
      const problem = one.from.startsWith('.')
        ? isTest(source.path)
          ? null
          : checkOurs(source.path, resolve(source.path, one))
        : checkPackage(source.path, one.from);
      return problem === null ? [] : [`${source.path}:${one.line}  ${problem}`];
    }),
  );
}

/** One problem a cycle: each strongly connected group of files, type imports included. */
export function checkCycles(sources: readonly Source[]): readonly string[] {
  const known = new Set(sources.map((source) => source.path));
  const graph = new Map(sources.map((source) => [source.path, targets(source, known)]));
  const finished = new Set<string>();
  const problems: string[] = [];
  for (const start of graph.keys()) walk(graph, start, [], finished, problems);
  return problems;
}

function walk(graph: ReadonlyMap<string, readonly string[]>, at: string, trail: readonly string[], finished: Set<string>, problems: string[]): void {
  if (finished.has(at)) return;
  const seen = trail.indexOf(at);
  if (seen !== -1) {
    problems.push(`${at}  is part of a cycle of imports: ${[...trail.slice(seen), at].join(' → ')}`);
    return;
  }
  for (const next of graph.get(at) ?? []) walk(graph, next, [...trail, at], finished, problems);
  finished.add(at);
}

function targets(source: Source, known: ReadonlySet<string>): readonly string[] {
  return source.imports
    .filter((one) => one.from.startsWith('.'))
    .flatMap((one) =>
      candidates(resolve(source.path, one))
        .filter((path) => known.has(path))
        .slice(0, 1),
    );
}

function candidates(path: string): readonly string[] {
  return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`];
}

function resolve(path: string, one: Import): string {
  return join(dirname(path), one.from);
}

function checkOurs(from: string, to: string): string | null {
  const annex = Object.keys(annexes).find((name) => isUnder(from, name));
  if (annex !== undefined) return (annexes[annex] ?? []).some((name) => isUnder(to, name)) ? null : `${annex} may not import ${to}`;
  if (!isUnder(from, 'electron')) return null;
  const room = roomOf(from);
  if (isUnder(to, 'local-models')) return engineRooms.includes(room) ? null : `${room} may not import local-models (only ${engineRooms.join(', ')} may)`;
  return isUnder(to, 'electron') ? checkFloor(room, roomOf(to)) : `electron may not import ${to}`;
}

function checkFloor(from: string, to: string): string | null {
  if (from === to || (doors[from] ?? []).includes(to)) return null;
  const upper = floorOf(from);
  const lower = floorOf(to);
  if (upper === -1) return `electron/${from} has no floor in the table of layers (scripts/house/rules.ts)`;
  if (lower === -1) return `${from} may not import ${to}, which has no floor in the table of layers`;
  return lower < upper ? null : `${from} may not import ${to}, which is ${lower === upper ? 'its neighbour' : 'above it'} in the table of layers`;
}

function checkPackage(path: string, name: string): string | null {
  const owned = Object.keys(owners).find((one) => name === one || name.startsWith(`${one}/`));
  if (owned === undefined || (owners[owned] ?? []).some((prefix) => path.startsWith(prefix))) return null;
  return `only ${(owners[owned] ?? []).join(', ')} may import ${owned}`;
}

function floorOf(room: string): number {
  return floors.findIndex((floor) => floor.includes(room));
}

function roomOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.tsx?$/, '');
}

function isUnder(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}/`);
}

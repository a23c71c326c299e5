// Weighs all processes of a contained command together: how many they are, and what memory they and their files in memory hold.
import { readFileSync, statfsSync } from 'node:fs';
import { orElse } from '../../durable.ts';
import { snapshot, withDescendants } from './processes.ts';

type Allowed = { readonly memoryBytes: number; readonly processes: number };

const pageBytes = 4096;

/** What there is too much of, in words; null where nothing is. `inMemory` are folders as the command sees them. Only on Linux. */
export function excessOf(root: number, inMemory: readonly string[], { memoryBytes, processes }: Allowed): string | null {
  if (process.platform !== 'linux') return null;
  // By descent alone: inside the sandbox an orphan is taken in by the sandbox's own first process.
  const members = [...withDescendants(snapshot().processes, [root])];
  if (members.length > processes) return `${members.length} processes; ${processes} are allowed`;
  const held = members.reduce((sum, pid) => sum + anonymousBytes(pid), 0) + filesIn(members.at(-1) ?? root, inMemory);
  return held > memoryBytes ? `${Math.round(held / 1e6)} MB of memory; ${Math.round(memoryBytes / 1e6)} MB are allowed` : null;
}

/** Resident memory that is not a file's. */
function anonymousBytes(pid: number): number {
  const statm = orElse('', () => readFileSync(`/proc/${pid}/statm`, 'latin1'));
  const [, resident = 0, shared = 0] = statm.split(' ').map(Number);
  return Math.max(0, resident - shared) * pageBytes;
}

function filesIn(pid: number, folders: readonly string[]): number {
  return folders.reduce((sum, folder) => sum + orElse(0, () => inMemory(`/proc/${pid}/root${folder}`)), 0);
}

/** Bytes on a file system in memory; 0 on any other. */
function inMemory(path: string): number {
  const { type, blocks, bfree, bsize } = statfsSync(path);
  return type === 0x01021994 ? (blocks - bfree) * bsize : 0;
}

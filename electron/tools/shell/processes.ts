// What runs on this computer right now, as far as it takes to find a command's descendants.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { orElse } from '../../durable.ts';

export type ProcessLine = { readonly pid: number; readonly parent: number; readonly group: number };

/** One moment of the process table. Synchronous: the faster it is read, the fewer processes are born meanwhile. */
export type Snapshot = {
  readonly processes: readonly ProcessLine[];
  /** Whether this process was started by the command that carries the marker, however many parents died in between. */
  carries(pid: number, marker: string): boolean;
};

/** `roots` with all that descend from them. */
export function withDescendants(processes: readonly ProcessLine[], roots: Iterable<number>): ReadonlySet<number> {
  const members = new Set(roots);
  for (let before = -1; before < members.size; ) {
    before = members.size;
    for (const { pid, parent } of processes) if (members.has(parent)) members.add(pid);
  }
  return members;
}

/** Zombies are left out: they run no more. Not for Windows. */
export function snapshot(): Snapshot {
  return process.platform === 'linux' ? linuxSnapshot() : unixSnapshot();
}

function linuxSnapshot(): Snapshot {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const processes = pids.flatMap((pid) => parseStat(readOrEmpty(`/proc/${pid}/stat`)) ?? []);
  return { processes, carries: (pid, marker) => readOrEmpty(`/proc/${pid}/environ`).includes(marker) };
}

/** The name of a program may hold spaces and brackets, so the fields are counted from its last bracket. */
function parseStat(stat: string): ProcessLine | null {
  const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const pid = Number.parseInt(stat, 10);
  return Number.isNaN(pid) || state === 'Z' || state === 'X' ? null : { pid, parent: Number(parent), group: Number(group) };
}

/** `-E` adds the environment to the command line where the system lets us see it; the marker stands in both. */
function unixSnapshot(): Snapshot {
  const flags = process.platform === 'darwin' ? '-axwwE' : '-axww';
  const text = execFileSync('ps', [flags, '-o', 'pid=,ppid=,pgid=,stat=,command='], { encoding: 'utf8', maxBuffer: 64_000_000 });
  const rows = [...text.matchAll(/^ *(\d+) +(\d+) +(\d+) +([^\sZ]\S*) *(.*)$/gm)];
  const commands = new Map(rows.map(([, pid, , , , command = '']) => [Number(pid), command]));
  const processes = rows.map(([, pid, parent, group]) => ({ pid: Number(pid), parent: Number(parent), group: Number(group) }));
  return { processes, carries: (pid, marker) => commands.get(pid)?.includes(marker) ?? false };
}

/** A process may end while it is being looked at, and those of other people can't be looked into. */
function readOrEmpty(path: string): string {
  return orElse('', () => readFileSync(path, 'latin1'));
}

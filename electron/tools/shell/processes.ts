// What runs on this computer right now, as far as it takes to find a command's descendants.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export type ProcessLine = { readonly pid: number; readonly parent: number; readonly group: number };

/** One moment of the process table. Synchronous: the faster it is read, the fewer processes are born meanwhile. */
export type Snapshot = {
  readonly processes: readonly ProcessLine[];
  /** Whether this process was started by the command that carries the marker, however many parents died in between. */
  carries(pid: number, marker: string): boolean;
};

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
  const rows = text.split('\n').flatMap((row) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s*(.*)$/.exec(row) ?? []);
  return parsePs(rows);
}

function parsePs(cells: readonly string[]): Snapshot {
  const processes: ProcessLine[] = [];
  const commands = new Map<number, string>();
  for (let at = 0; at < cells.length; at += 6) {
    if (cells[at + 4]?.startsWith('Z')) continue;
    processes.push({ pid: Number(cells[at + 1]), parent: Number(cells[at + 2]), group: Number(cells[at + 3]) });
    commands.set(Number(cells[at + 1]), cells[at + 5] ?? '');
  }
  return { processes, carries: (pid, marker) => commands.get(pid)?.includes(marker) ?? false };
}

/** A process may end while it is being looked at, and those of other people can't be looked into. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (reason) {
    if (reason instanceof Error) return '';
    throw reason;
  }
}

// Ends a command with everything it started: its group, its descendants, and those that left both but carry its marker.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { snapshot, withDescendants } from './processes.ts';

/** The variable whose value, different for each command, every process inherits that the command starts. */
export const markerName = 'NACRE_CALL';

/** After this long something can't be killed (it hangs in the kernel, or belongs to someone else). */
const patienceMs = 3000;

/**
 * Kills the process `root`, its group and all that descend from it or carry the marker, again and again until none is left. Resolves
 * with how many were killed, `root` included; takes milliseconds. `root` must be one of ours that was started as the leader of its own group.
 */
export async function killTree(root: number, marker: string): Promise<number> {
  if (process.platform === 'win32') return killOnWindows(root);
  return killAll({ root, marker });
}

/**
 * Kills what still runs of a command whose Nacre is gone. Only the marker counts: the number of its first process may belong to
 * something else by now. Resolves with how many were killed. On Windows, where it can't be read, with 0.
 */
export async function killLeftovers(marker: string): Promise<number> {
  if (process.platform === 'win32' || marker === '') return 0;
  return killAll({ root: null, marker });
}

type Command = { readonly root: number | null; readonly marker: string };

/** All are stopped before any is killed, so that none can start another while its siblings die; a second look finds the newly born. */
async function killAll(command: Command): Promise<number> {
  const killed = new Set<number>();
  const beyond = new Set<number>();
  const until = performance.now() + patienceMs;
  for (let quiet = 0; quiet < 2 && performance.now() < until; ) {
    const found = freeze(command, beyond);
    for (const pid of found) {
      send(pid, 'SIGKILL');
      killed.add(pid);
    }
    quiet = found.size === 0 ? quiet + 1 : 0;
    // The dying take a moment to leave the process table.
    if (found.size > 0) await sleep(5);
  }
  return killed.size;
}

/** Stops all that belong, until a look shows no new ones. Those that run as someone else (sudo) are `beyond` us. */
function freeze(command: Command, beyond: Set<number>): ReadonlySet<number> {
  const found = new Set<number>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const pid of membersOf(command)) {
      if (found.has(pid) || beyond.has(pid)) continue;
      if (send(pid, 'SIGSTOP') === 'not-ours') beyond.add(pid);
      else found.add(pid);
    }
  }
  return found;
}

function membersOf({ root, marker }: Command): ReadonlySet<number> {
  const { processes, carries } = snapshot();
  const others = processes.filter(({ pid }) => pid !== process.pid);
  const roots = others.filter(({ pid, group }) => pid === root || group === root || carries(pid, `${markerName}=${marker}`));
  return withDescendants(
    others,
    roots.map(({ pid }) => pid),
  );
}

/** Never throws for a process that is gone or belongs to someone else. */
export function send(pid: number, signal: NodeJS.Signals): 'sent' | 'gone' | 'not-ours' {
  try {
    process.kill(pid, signal);
    return 'sent';
  } catch (reason) {
    const code = reason instanceof Error && 'code' in reason ? reason.code : null;
    if (code === 'ESRCH') return 'gone';
    if (code === 'EPERM') return 'not-ours';
    throw reason;
  }
}

async function killOnWindows(root: number): Promise<number> {
  const { stdout } = await promisify(execFile)('taskkill', ['/pid', String(root), '/T', '/F']).catch(() => ({ stdout: '' }));
  return stdout.split('\n').filter((line) => line.trim() !== '').length;
}

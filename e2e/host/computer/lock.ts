// The single-instance lock: a file with the process that holds it, and a line left for it by whoever comes second.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, watch, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

type Called = (argv: readonly string[], folder: string) => void;

/** Returns how to release the lock, or null where a living process has it; that one is told of our arguments. */
export function takeLock(folder: string, argv: readonly string[], onSecond: Called): (() => void) | null {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'stand-in.lock');
  const calls = join(folder, 'stand-in.calls');
  if (!claim(lock)) {
    writeFileSync(calls, JSON.stringify({ argv, folder: process.cwd() }));
    return null;
  }
  writeFileSync(calls, '');
  const watcher = watch(calls, () => {
    const text = readFileSync(calls, 'utf8');
    if (text === '') return;
    writeFileSync(calls, '');
    const call = JSON.parse(text) as { argv: string[]; folder: string };
    onSecond(call.argv, call.folder);
  });
  watcher.unref();
  return () => {
    watcher.close();
    rmSync(lock, { force: true });
  };
}

function claim(lock: string): boolean {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const file = openSync(lock, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return true;
    } catch {
      if (isAlive(Number(readFileSync(lock, 'utf8')))) return false;
      rmSync(lock, { force: true }); // its holder was killed
    }
  }
  return false;
}

/** A killed process can stay in the table as a zombie for a while; it holds nothing any more. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

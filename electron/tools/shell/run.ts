// Runs one shell command to its end, contained or not: its output kept, its time and size limited, its whole process tree ended.
import { randomUUID } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox, Wrapped } from '../sandbox/seam.ts';
import type { Ends } from '../shorten.ts';
import { containedScript, type Ending, type Launch, type Launched, launch } from './launch.ts';
import { killTree, send } from './process-tree.ts';
import { createSpool, type Spool } from './spool.ts';
import { excessOf } from './weigh.ts';

export type CommandLimits = {
  /** After this many milliseconds a command is ended. */
  readonly timeoutMs: number;
  /** How long we go on reading, in milliseconds, when the command has ended but something it started holds its output open. */
  readonly drainMs: number;
  /** Bytes of output kept at most; a command that writes more is ended. */
  readonly capBytes: number;
  /** The rest holds inside the sandbox only. Seconds of work of one process. */
  readonly cpuSeconds: number;
  /** Of one process, and of all together with the files that are in memory. */
  readonly memoryBytes: number;
  readonly processes: number;
  /** Of one file. */
  readonly fileBytes: number;
};

export const usualLimits: CommandLimits = {
  timeoutMs: 120_000,
  drainMs: 2000,
  capBytes: 64_000_000,
  cpuSeconds: 120 * Math.min(8, availableParallelism()),
  memoryBytes: Math.max(2e9, totalmem() / 2),
  processes: 512,
  fileBytes: 4e9,
};

/** How often all processes of a contained command are weighed together, in milliseconds; what one may have, the system sees to. */
const weighMs = 500;

export type Order = Omit<Launch, 'contained'> & {
  /** Aborts when the person stops the run. */
  readonly signal: AbortSignal;
};

export type CommandEnd = {
  readonly halt: Halt;
  /** The two ends of its output, and the file that holds all of it where that is more. */
  readonly ends: Ends;
  readonly file: string | null;
  /** Whether it left something running in the background, which was ended. */
  readonly left: boolean;
};

export type Halt =
  | { readonly type: 'ended'; readonly ending: Ending }
  | { readonly type: 'timeout' | 'flood' | 'stopped' }
  | { readonly type: 'greedy' | 'unwritable'; readonly reason: string };

/**
 * With a sandbox the command is contained, or nothing runs and it throws; with null it has all the person's rights. Throws a ToolRefusal
 * where the system can't start it. When it resolves, nothing of the command runs any more.
 */
export async function runCommand(order: Order, sandbox: Sandbox | null, limits: CommandLimits = usualLimits): Promise<CommandEnd> {
  const { command, folder, scratch, marker } = order;
  const wrapped = sandbox === null ? null : await sandbox.wrap(containedScript(limitScript(limits)), { folder, scratch });
  try {
    const spool = createSpool({ path: join(scratch, `command-${marker}.txt`), capBytes: limits.capBytes });
    const launched = await launch({ command, folder, scratch, marker, contained: wrapped?.script ?? null });
    const halt = await untilHalt(launched, spool, order.signal, limits, wrapped);
    const quiet = halt.type === 'ended' && (await within(limits.drainMs, launched.quiet, order.signal));
    const endsWhole = wrapped?.endsWhole === true;
    // Where the system ends all with the first process, that one is ended before the others are looked for: they may be thousands.
    if (endsWhole && !quiet) send(launched.pid, 'SIGKILL');
    const killed = endsWhole && quiet ? 0 : await killTree(launched.pid, marker);
    await within(limits.drainMs, launched.quiet, AbortSignal.any([]));
    launched.hangUp();
    const left = !quiet || (wrapped === null ? killed > 0 : launched.leftSome());
    return { halt, left, ...(await spool.finish()) };
  } finally {
    await wrapped?.release();
  }
}

export function newMarker(): string {
  return randomUUID().replaceAll('-', '');
}

/** Shells differ in the letter for the number of processes, and one that already has less may not have more. */
function limitScript({ cpuSeconds, memoryBytes, processes, fileBytes }: CommandLimits): string {
  const set = (letter: string, value: number): string => `ulimit -${letter} ${Math.ceil(value)} 2>/dev/null`;
  const count = `{ ${set('p', processes)} || ${set('u', processes)}; }`;
  return ['ulimit -c 0', set('t', cpuSeconds), set('d', memoryBytes / 1024), set('f', fileBytes / 512), count].join('; ');
}

/** Resolves with the first reason to stop waiting for the command. */
function untilHalt(launched: Launched, spool: Spool, signal: AbortSignal, limits: CommandLimits, wrapped: Wrapped | null): Promise<Halt> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle({ type: 'timeout' }), limits.timeoutMs);
    const weigh = (): void => {
      const reason = wrapped === null ? null : excessOf(launched.pid, wrapped.inMemory, limits);
      if (reason !== null) settle({ type: 'greedy', reason });
    };
    const watch = setInterval(weigh, weighMs);
    const stop = (): void => settle({ type: 'stopped' });
    const settle = (halt: Halt): void => {
      clearTimeout(timer);
      clearInterval(watch);
      signal.removeEventListener('abort', stop);
      resolve(halt);
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    launched.read((chunk) => {
      const refused = addTo(spool, chunk);
      if (refused === null) return;
      launched.hangUp();
      settle(refused);
    });
    launched.ended.then((ending) => settle({ type: 'ended', ending }));
  });
}

function addTo(spool: Spool, chunk: Buffer): Halt | null {
  try {
    return spool.add(chunk) ? null : { type: 'flood' };
  } catch (reason) {
    return { type: 'unwritable', reason: reason instanceof Error ? reason.message : String(reason) };
  }
}

/** Waits for `done`, but no longer than this many milliseconds and not beyond the abort; tells whether it came. */
async function within(milliseconds: number, done: Promise<void>, signal: AbortSignal): Promise<boolean> {
  // Only an abort ends the timer early; after `done` it keeps nothing alive.
  return Promise.race([done.then(() => true), sleep(milliseconds, false, { signal, ref: false }).catch(() => false)]);
}

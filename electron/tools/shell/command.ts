// The tool run_command: a shell command in the chosen folder, with its whole process tree ended when it ends or is stopped.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { chosenFolder } from '../files/folder.ts';
import { visible } from '../files/spelling.ts';
import { shorten } from '../shorten.ts';
import { type CallPlace, type Tool, ToolRefusal, type ToolResult } from '../tool.ts';
import { type Ending, type Launched, launch, ownProcesses } from './launch.ts';
import { killLeftovers, killTree } from './process-tree.ts';
import { createSpool, type Spool } from './spool.ts';

const parameters = z.strictObject({ command: z.string() });
type Arguments = z.infer<typeof parameters>;

export type CommandLimits = {
  /** After this many milliseconds a command is ended. */
  readonly timeoutMs: number;
  /** How long we go on reading, in milliseconds, when the command has ended but something it started holds its output open. */
  readonly drainMs: number;
  /** Bytes of output kept at most; a command that writes more is ended. */
  readonly capBytes: number;
};

const usual: CommandLimits = { timeoutMs: 120_000, drainMs: 2000, capBytes: 64_000_000 };
/** Linux takes at most 128 kB as one argument. */
const commandBytes = 100_000;

type Halt =
  | { readonly type: 'ended'; readonly ending: Ending }
  | { readonly type: 'timeout' | 'flood' | 'stopped' }
  | { readonly type: 'unwritable'; readonly reason: string };

/** Its receipt is the marker by which a later start finds and ends what a crash left running. */
export function createRunCommand(limits: CommandLimits = usual): Tool<Arguments> {
  return {
    name: 'run_command',
    description: `Runs a shell command in the chosen folder, without input, ${limits.timeoutMs / 1000} s at most. What it leaves in the background is ended.`,
    parameters,
    effect: 'once',
    asks: true,
    patterns: 'command',
    title: (args) => oneLine(args.command),
    prepare: async (args, place) => {
      const folder = await chosenFolder(place);
      refuseUnusable(args.command);
      const command = args.command.toWellFormed();
      return { title: oneLine(command), payload: command, before: null, scope: JSON.stringify([folder, command]), subject: { text: command, folder } };
    },
    receipt: async () => newMarker(),
    probe: async (_args, receipt) => {
      await killLeftovers(receipt);
      return 'unknown';
    },
    run: async (args, place, receipt) => {
      const folder = await chosenFolder(place);
      refuseUnusable(args.command);
      place.signal.throwIfAborted();
      return follow(args.command.toWellFormed(), folder, place, receipt ?? newMarker(), limits);
    },
  };
}

async function follow(command: string, folder: string, place: CallPlace, marker: string, limits: CommandLimits): Promise<ToolResult> {
  const spool = createSpool({ path: join(place.scratch, `command-${marker}.txt`), capBytes: limits.capBytes });
  const launched = await launch(command, folder, marker);
  const halt = await untilHalt(launched, spool, place.signal, limits.timeoutMs);
  const quiet = halt.type === 'ended' && (await within(limits.drainMs, launched.quiet, place.signal));
  const killed = await killTree(launched.pid, marker);
  await within(limits.drainMs, launched.quiet, AbortSignal.any([]));
  launched.hangUp();
  const { ends, file } = await spool.finish();
  const output = shorten(ends, `whole output in ${file ?? ''}`);
  return {
    ok: halt.type === 'ended' && halt.ending.code === 0,
    output: withNote(output, noteOn(halt, quiet ? killed : killed - ownProcesses, limits)),
    ...(file === null ? {} : { file }),
  };
}

/** Resolves with the first reason to stop waiting for the command. */
function untilHalt(launched: Launched, spool: Spool, signal: AbortSignal, timeoutMs: number): Promise<Halt> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle({ type: 'timeout' }), timeoutMs);
    const stop = (): void => settle({ type: 'stopped' });
    const settle = (halt: Halt): void => {
      clearTimeout(timer);
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
  const over = new AbortController();
  const timer = sleep(milliseconds, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch((reason: unknown) => {
    if (!signal.aborted && !over.signal.aborted) throw reason;
  });
  const came = await Promise.race([done.then(() => true), timer.then(() => false)]);
  over.abort();
  return came;
}

function noteOn(halt: Halt, left: number, limits: CommandLimits): string {
  switch (halt.type) {
    case 'ended':
      return `${exitOf(halt.ending)}${left > 0 ? '; what it left running in the background was ended' : ''}`;
    case 'timeout':
      return `ended after ${limits.timeoutMs / 1000} s, which is the limit; it may have done part of its work`;
    case 'flood':
      return `ended because it wrote more than ${limits.capBytes} bytes; it may have done part of its work`;
    case 'unwritable':
      return `ended because its output could not be kept (${halt.reason}); it may have done part of its work`;
    case 'stopped':
      return 'ended because the run was stopped; it may have done part of its work';
  }
}

function exitOf({ code, signal }: Ending): string {
  const number = code === null ? null : code - 128;
  const name = signal ?? Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return name === undefined ? `exit code ${code}` : `exit code ${code ?? 'none'}, ended by ${name}`;
}

function withNote(output: string, note: string): string {
  if (output === '') return `[${note}; no output]`;
  return `${output}${output.endsWith('\n') ? '' : '\n'}[${note}]`;
}

function refuseUnusable(command: string): void {
  if (command.trim() === '') throw new ToolRefusal('The command is empty. Give a shell command.');
  if (command.includes('\0')) throw new ToolRefusal('The command contains a NUL character. Give it without one.');
  const bytes = Buffer.byteLength(command);
  if (bytes > commandBytes)
    throw new ToolRefusal(`The command has ${bytes} bytes; at most ${commandBytes} can be run. Write it to a file with write_file and run that.`);
}

function oneLine(command: string): string {
  const line = visible(command.trim().replace(/\s*[\r\n]+\s*/g, ' ⏎ '));
  return line.length > 200 ? `${line.slice(0, 200).toWellFormed()}…` : line;
}

function newMarker(): string {
  return randomUUID().replaceAll('-', '');
}

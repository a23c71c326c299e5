// The tool run_command: a shell command in the chosen folder, inside the sandbox where there is one; where there is none, only after asking.
import { constants } from 'node:os';
import { z } from 'zod';
import { type Fault, fault } from '../../contract/fault.ts';
import { chosenFolder } from '../files/folder.ts';
import { visible } from '../files/spelling.ts';
import type { Sandbox } from '../sandbox/seam.ts';
import { shorten } from '../shorten.ts';
import { type Tool, ToolRefusal, type ToolResult } from '../tool.ts';
import type { Ending } from './launch.ts';
import { killLeftovers } from './process-tree.ts';
import { leavingReceipt, readReceipt } from './receipt.ts';
import { type CommandEnd, type CommandLimits, type Halt, newMarker, runCommand, usualLimits } from './run.ts';

const parameters = z.strictObject({ command: z.string() });
type Arguments = z.infer<typeof parameters>;

/** Linux takes at most 128 kB as one argument. */
const commandBytes = 100_000;

/** Its receipt is the marker by which a later start finds what a crash left running and ends it, or finds that it had ended, and how. */
export function createRunCommand(sandbox: Sandbox, limits: CommandLimits = usualLimits): Tool<Arguments> {
  /** The calls whose preview said that they would run without a sandbox: only these may. */
  const cautioned = new WeakSet<Arguments>();
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
      const caution = await sandbox.trouble(folder);
      if (caution !== null) cautioned.add(args);
      return { title: oneLine(command), payload: command, before: null, scope: JSON.stringify([folder, command]), subject: { text: command, folder }, caution };
    },
    receipt: async () => newMarker(),
    probe: async (_args, receipt, place) => {
      await killLeftovers(receipt);
      const code = readReceipt(place.scratch, receipt);
      if (code === null) return 'unknown';
      return { ok: code === 0, output: `[exit code ${code}; Nacre was interrupted right after it, and its output is lost]` };
    },
    run: async (args, place, receipt) => {
      const folder = await chosenFolder(place);
      refuseUnusable(args.command);
      const trouble = await sandbox.trouble(folder);
      if (trouble !== null && !cautioned.has(args)) throw new ToolRefusal(`${trouble.message} This was not so when the call was allowed; ask again.`);
      place.signal.throwIfAborted();
      const said = args.command.toWellFormed();
      const command = receipt === undefined ? said : leavingReceipt(said, place.scratch, receipt);
      const order = { ...place, command, folder, marker: receipt ?? newMarker() };
      return resultOf(await runCommand(order, trouble === null ? sandbox : null, limits), limits);
    },
  };
}

function resultOf({ halt, ends, file, left }: CommandEnd, limits: CommandLimits): ToolResult {
  const output = shorten(ends, `whole output in ${file ?? ''}`);
  const note = noteOn(halt, left, limits);
  const said = { ...note, message: `[${note.message}${output === '' ? '; no output' : ''}]` };
  return {
    ok: halt.type === 'ended' && halt.ending.code === 0,
    output: `${output}${output === '' || output.endsWith('\n') ? '' : '\n'}${said.message}`,
    said,
    ...(file === null ? {} : { file }),
  };
}

function noteOn(halt: Halt, left: boolean, limits: CommandLimits): Fault {
  switch (halt.type) {
    case 'ended':
      return exitOf(halt.ending, left);
    case 'timeout':
      return fault('command.timeout', { seconds: limits.timeoutMs / 1000 });
    case 'flood':
      return fault('command.flood', { limit: limits.capBytes });
    case 'greedy':
    case 'unwritable':
      return fault(`command.${halt.type}`, { reason: halt.reason });
    case 'stopped':
      return fault('command.stopped');
  }
}

function exitOf({ code, signal }: Ending, left: boolean): Fault {
  const number = code === null ? null : code - 128;
  const name = signal ?? Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  const end = left ? '-left' : '';
  return name === undefined ? fault(`command.exit${end}`, { code: code ?? '' }) : fault(`command.signal${end}`, { code: code ?? 'none', signal: name });
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

// Starts a command apart from us: its own session, no input, a cleaned environment, both outputs in one stream.
import { type ChildProcess, spawn } from 'node:child_process';
import { ToolRefusal } from '../tool.ts';
import { markerName } from './process-tree.ts';

export type Launched = Awaited<ReturnType<typeof launch>>;
export type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** What a command may know of our environment: no keys and no tokens. */
const passed: readonly string[] = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR'];
const passedOnWindows: readonly string[] = [
  'SystemRoot',
  'SystemDrive',
  'ComSpec',
  'PATHEXT',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramFiles',
  'ProgramData',
];
const added = { TERM: 'dumb', NO_COLOR: '1', PAGER: 'cat', GIT_PAGER: 'cat', GIT_TERMINAL_PROMPT: '0' };

/** What is to be started. */
export type Launch = {
  /** Shell text, run byte for byte. */
  readonly command: string;
  /** Absolute and real. */
  readonly folder: string;
  /** A folder of ours, absolute: what is too long for the model is kept there, and a contained command may write there. */
  readonly scratch: string;
  /** What `newMarker` gave; by it a later start finds and ends what a crash left running. */
  readonly marker: string;
  /** How the script goes into the sandbox; null runs it with all the person's rights. */
  readonly contained: string | null;
};

/** The variable in which the script finds the command, byte for byte and past all quoting. */
const commandName = 'NACRE_COMMAND';

/**
 * Runs the command by a shell of its own. A real pipe (to `cat`) joins its two outputs in order; the sockets that Node gives can't be opened
 * as /dev/stderr. Its exit code comes by descriptor 3 at once, even where something it left behind still writes.
 */
const take = `command=$${commandName}; unset ${commandName}`;
const run = '{ /bin/sh -c "$command" 2>&1 3>&-; echo $? >&3; } | cat 3>&-';

/** A process that is just ending still counts, so it is looked at twice. */
const look = 'set -- /proc/[0-9]*; [ $# -le $before ]';

/** The same inside the sandbox, where all ends with this script: so it says by a line of its own whether there is more than at its start. */
export function containedScript(limits: string): string {
  return `${take}; ${limits}; set -- /proc/[0-9]*; before=$#; ${run}; ${look} || { sleep 0.1; ${look}; } || echo left >&3`;
}

/** Throws a ToolRefusal where the system can't start it. */
export async function launch(wanted: Launch) {
  const child = process.platform === 'win32' ? spawnOnWindows(wanted) : spawnApart(wanted);
  const started = await new Promise<number | Error>((resolve) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', resolve);
  });
  if (started instanceof Error) throw new ToolRefusal(`The command could not be started (${started.message}). Tell the person.`);
  // A pipe that breaks ends the reading, not Nacre; how the command ended is told by its exit.
  for (const stream of child.stdio) stream?.on('error', () => stream.destroy());
  return {
    pid: started,
    /** Calls back with what the command and all it started write, as it comes. */
    read: (listener: (chunk: Buffer) => void): void => [child.stdout, child.stderr].forEach((stream) => void stream?.on('data', listener)),
    ...hear(child),
    /** Resolves when in addition nobody holds the output open any more. */
    quiet: new Promise<void>((resolve) => child.once('close', () => resolve())),
    /** Reads no more. May be called twice. */
    hangUp: (): void => child.stdio.forEach((stream) => void stream?.destroy()),
  };
}

function spawnApart(wanted: Launch): ChildProcess {
  return spawn('/bin/sh', ['-c', wanted.contained ?? `${take}; ${run}`, `${markerName}=${wanted.marker}`], {
    cwd: wanted.folder,
    env: { ...environment(wanted), [commandName]: wanted.command },
    detached: true,
    // Where the sandbox itself fails, it says so there.
    stdio: ['ignore', 'pipe', wanted.contained === null ? 'ignore' : 'pipe', 'pipe'],
  });
}

function spawnOnWindows(wanted: Launch): ChildProcess {
  return spawn(process.env['ComSpec'] ?? 'cmd.exe', ['/d', '/s', '/c', `"${wanted.command}"`], {
    cwd: wanted.folder,
    env: environment(wanted),
    windowsHide: true,
    windowsVerbatimArguments: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function environment({ folder, scratch, marker, contained }: Launch): NodeJS.ProcessEnv {
  // Windows spells them as it likes: Path, PATH.
  const onWindows = process.platform === 'win32';
  const names = onWindows ? [...passed, ...passedOnWindows].map((name) => name.toUpperCase()) : passed;
  const kept = Object.entries(process.env).filter(([name]) => names.includes(onWindows ? name.toUpperCase() : name) || name.startsWith('LC_'));
  const temporary = contained === null ? {} : { TMPDIR: scratch };
  return { ...Object.fromEntries(kept), ...added, ...temporary, PWD: folder, [markerName]: marker };
}

/** What comes by descriptor 3: the exit code, and then perhaps that something was left. */
function hear(child: ChildProcess) {
  let said = '';
  /** Resolves when the command itself has ended, though processes that it started may go on and hold the output open. */
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.stdio[3]?.on('data', (line: Buffer) => {
      said += line.toString('latin1', 0, 100).slice(0, 100 - said.length);
      if (/^\d+\n/.test(said)) resolve({ code: Number.parseInt(said, 10), signal: null });
    });
  });
  /** Inside the sandbox, once quiet: whether the command left something running, which ended with it. */
  return { ended, leftSome: (): boolean => said.includes('left') };
}

// Starts a command apart from us: its own session, no input, a cleaned environment, both outputs in one stream.
import { type ChildProcess, spawn } from 'node:child_process';
import { ToolRefusal } from '../tool.ts';
import { markerName } from './process-tree.ts';

export type Launched = {
  readonly pid: number;
  /** Calls back with what the command and all it started write, as it comes. */
  read(listener: (chunk: Buffer) => void): void;
  /** Resolves when the command itself has ended, though processes that it started may go on and hold the output open. */
  readonly ended: Promise<Ending>;
  /** Resolves when in addition nobody holds the output open any more. */
  readonly quiet: Promise<void>;
  /** Reads no more. May be called twice. */
  hangUp(): void;
};
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

/**
 * `$1` is run by a shell of its own, byte for byte. A real pipe (to `cat`) joins its two outputs in order; the sockets that Node gives
 * can't be opened as /dev/stderr. Its exit code comes by descriptor 3 at once, even where something it left behind still writes.
 */
const wrapper = '{ /bin/sh -c "$1" 2>&1 3>&-; echo $? >&3; } | cat 3>&-';

/** How many processes of our own serve a command whose output is still open: the wrapper and its `cat`. */
export const ownProcesses = process.platform === 'win32' ? 0 : 2;

/** Throws a ToolRefusal where the system can't start it. */
export async function launch(command: string, folder: string, marker: string): Promise<Launched> {
  const child = process.platform === 'win32' ? spawnOnWindows(command, folder, marker) : spawnApart(command, folder, marker);
  const started = await new Promise<number | Error>((resolve) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', resolve);
  });
  if (started instanceof Error) throw new ToolRefusal(`The command could not be started (${started.message}). Tell the person.`);
  // A pipe that breaks ends the reading, not Nacre; how the command ended is told by its exit.
  for (const stream of child.stdio) stream?.on('error', () => stream.destroy());
  return {
    pid: started,
    read: (listener) => [child.stdout, child.stderr].forEach((stream) => void stream?.on('data', listener)),
    ended: endingOf(child),
    quiet: new Promise((resolve) => child.once('close', () => resolve())),
    hangUp: () => child.stdio.forEach((stream) => void stream?.destroy()),
  };
}

function spawnApart(command: string, folder: string, marker: string): ChildProcess {
  return spawn('/bin/sh', ['-c', wrapper, `${markerName}=${marker}`, command], {
    cwd: folder,
    env: environment(folder, marker),
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
}

function spawnOnWindows(command: string, folder: string, marker: string): ChildProcess {
  return spawn(process.env['ComSpec'] ?? 'cmd.exe', ['/d', '/s', '/c', `"${command}"`], {
    cwd: folder,
    env: environment(folder, marker),
    windowsHide: true,
    windowsVerbatimArguments: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function environment(folder: string, marker: string): NodeJS.ProcessEnv {
  // Windows spells them as it likes: Path, PATH.
  const onWindows = process.platform === 'win32';
  const names = onWindows ? [...passed, ...passedOnWindows].map((name) => name.toUpperCase()) : passed;
  const kept = Object.entries(process.env).filter(([name]) => names.includes(onWindows ? name.toUpperCase() : name) || name.startsWith('LC_'));
  return { ...Object.fromEntries(kept), ...added, PWD: folder, [markerName]: marker };
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.stdio[3]?.once('data', (line: Buffer) => resolve({ code: Number.parseInt(line.toString(), 10), signal: null }));
  });
}

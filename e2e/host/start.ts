// Starts a built main process under Node and connects it to a browser context.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright';
import { createOwner } from './browser/owner.ts';
import { type BrowserCalls, type Caller, connect, type MainCalls } from './wire.ts';

/** Electron's modules, as its main process imports them. */
export type Electron = typeof import('electron');

export type StandInApp = {
  /** Resolves with the page of the first window; rejects when the process ends without one. */
  firstWindow(): Promise<Page>;
  /** Runs `run` in the main process with Electron's modules; it must not use anything from outside itself. */
  evaluate<R, A>(run: (electron: Electron, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  process(): ChildProcess;
  /** Resolves with the exit code, null where a signal ended it. */
  readonly ended: Promise<number | null>;
};

export type StartOptions = {
  readonly context: BrowserContext;
  /** The built entry of the main process. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly sizes: boolean;
  readonly stdio: 'inherit' | 'pipe';
};

/** What Node runs to be the main process: its arguments are the built entry and the app's own. */
export const standInRunner = join(import.meta.dirname, 'electron/run.ts');

export async function startStandIn({ context, entry, args, env, sizes, stdio }: StartOptions): Promise<StandInApp> {
  let main: Caller<MainCalls>;
  const owner = await createOwner({ context, main: () => main, sizes });
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', standInRunner, entry, ...args], {
    env,
    stdio: ['ignore', stdio, stdio, 'ipc'],
    serialization: 'advanced',
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  main = connect<MainCalls, BrowserCalls>(
    {
      send: (message) => void (child.connected && child.send(message as object, () => undefined)),
      onMessage: (listener) => void child.on('message', listener),
      onClose: (listener) => void child.once('disconnect', listener),
    },
    () => owner.calls,
  );
  const none = ended.then((code) => Promise.reject(new Error(`the app ended with code ${code} before it opened a window`)));
  none.catch(() => undefined);
  return {
    firstWindow: () => Promise.race([owner.firstPage, none]),
    evaluate: (source, argument) => main.evaluate(source.toString(), argument) as Promise<never>,
    process: () => child,
    ended,
  };
}

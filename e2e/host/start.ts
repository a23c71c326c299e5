// Starts a built main process under Node and connects it to a browser context.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright';
import { createOwner, type Owner } from './browser/owner.ts';
import { type BrowserCalls, type Callee, connect, type MainCalls, type Port } from './wire.ts';

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
  /** Gives the browser once the app opens its first window: an app that finds another one running never does. */
  readonly openContext: () => Promise<BrowserContext>;
  /** The built entry of the main process. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** True where windows get the size that the app asks for; false where the person sizes them. */
  readonly sizes: boolean;
  readonly stdio: 'inherit' | 'pipe';
};

/** What Node runs to be the main process: its arguments are the built entry and the app's own. */
export const standInRunner = join(import.meta.dirname, 'electron/run.ts');

export function startStandIn({ openContext, entry, args, env, sizes, stdio }: StartOptions): StandInApp {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', standInRunner, entry, ...args], {
    env,
    stdio: ['ignore', stdio, stdio, 'ipc'],
    serialization: 'advanced',
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const first = Promise.withResolvers<Page>();
  first.promise.catch(() => undefined); // nobody may be waiting for it
  void ended.then((code) => first.reject(new Error(`the app ended with code ${code} before it opened a window`)));
  let opening: Promise<Owner> | null = null;
  const owner = (): Promise<Owner> => {
    opening ??= openContext().then((context) => createOwner({ context, main: () => main, sizes }));
    opening.then(
      ({ firstPage }) => firstPage.then(first.resolve),
      (error: unknown) => {
        first.reject(error instanceof Error ? error : new Error(String(error)));
        child.kill('SIGKILL'); // without a browser it would wait for ever
      },
    );
    return opening;
  };
  const main = connect<MainCalls, BrowserCalls>(portOf(child), () => callsOf(owner));
  return {
    firstWindow: () => first.promise,
    evaluate: (source, argument) => main.evaluate(source.toString(), argument) as Promise<never>,
    process: () => child,
    ended,
  };
}

function portOf(child: ChildProcess): Port {
  return {
    send: (message) => void (child.connected && child.send(message as object, () => undefined)),
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => void child.once('disconnect', listener),
  };
}

/** Calls wait, in their order, until the browser is there. */
function callsOf(owner: () => Promise<Owner>): Callee<BrowserCalls> {
  const call =
    (name: keyof BrowserCalls) =>
    async (...args: readonly unknown[]) =>
      ((await owner()).calls[name] as (...all: readonly unknown[]) => unknown)(...args);
  return new Proxy({} as Callee<BrowserCalls>, { get: (_target, name) => call(name as keyof BrowserCalls) });
}

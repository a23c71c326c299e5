// Starts the engine's process as a plain child of Node.
import { fork } from 'node:child_process';
import type { FromChild, StartChild } from './link.ts';

/** How much of what the child wrote to its error output is kept for the reason of its end. Characters. */
const keptOutput = 2000;

/** `entry` is the absolute path of `child.ts`, or of the file it was built to. */
export function startNodeChild(entry: string): StartChild {
  return () => {
    const child = fork(entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      // Each token takes two turns through libuv's pool; spinning OpenMP threads would fight with the ones that read the results.
      env: { ...process.env, UV_THREADPOOL_SIZE: '8', GOMP_SPINCOUNT: '0' },
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-keptOutput);
    });
    const hold = (held: boolean): void => {
      // The error output's pipe is a socket, whose type here does not say so.
      for (const part of [child, child.channel, child.stderr]) Reflect.get(part ?? {}, held ? 'ref' : 'unref')?.call(part);
    };
    hold(false);
    const ended = Promise.withResolvers<string>();
    child.on('error', (error) => ended.resolve(error.message));
    child.on('exit', (code, signal) => ended.resolve([signal ?? `exit code ${code}`, said.trim()].filter((part) => part !== '').join(': ')));
    return {
      post(message) {
        if (child.connected) child.send(message, () => undefined);
      },
      onMessage: (listener) => void child.on('message', (message: FromChild) => listener(message)),
      onExit: (listener) => void ended.promise.then(listener),
      kill: () => void child.kill('SIGKILL'),
      hold,
    };
  };
}

// Runs the local engine in a process of its own, so that a crash of native code costs one retry and not the window.
import { utilityProcess } from 'electron';

/** Starts the built engine entry. What it prints goes to our standard error. */
export function startEngineProcess<Message>(entry: string) {
  // The same surroundings as under plain Node: the engine's threads must not fight with those that read its results.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '8', GOMP_SPINCOUNT: '0' };
  const child = utilityProcess.fork(entry, [], { serviceName: 'nacre-engine', stdio: ['ignore', 'pipe', 'pipe'], env });
  child.stdout?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  child.stderr?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  return {
    post: (message: unknown): void => child.postMessage(message),
    onMessage: (listener: (message: Message) => void): void => void child.on('message', listener),
    /** Says in words how the process ended; once. */
    onExit: (listener: (reason: string) => void): void => void child.once('exit', (code) => listener(`exit code ${code}`)),
    /** Ends it without asking. May be called twice. */
    kill: (): void => void child.kill(),
    /** The app's life is kept by its window, so whether the child keeps this process alive changes nothing here. */
    hold: (): void => undefined,
  };
}

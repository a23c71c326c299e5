// Runs the local engine in a process of its own, so that a crash of native code costs one retry and not the window.
import { utilityProcess } from 'electron';

export type EngineLink<Message> = {
  post(message: unknown): void;
  onMessage(listener: (message: Message) => void): void;
  /** `reason` says in words how the process ended. Called once. */
  onExit(listener: (reason: string) => void): void;
  /** Ends it without asking. May be called twice. */
  kill(): void;
  /** Whether the child keeps this process alive: the app's life is kept by its window, so here it changes nothing. */
  hold(held: boolean): void;
};

/** Starts the built engine entry. What it prints goes to our standard error. */
export function startEngineProcess<Message>(entry: string): EngineLink<Message> {
  // The same surroundings as under plain Node: the engine's threads must not fight with those that read its results.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '8', GOMP_SPINCOUNT: '0' };
  const child = utilityProcess.fork(entry, [], { serviceName: 'nacre-engine', stdio: ['ignore', 'pipe', 'pipe'], env });
  child.stdout?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  child.stderr?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener(`exit code ${code}`)),
    kill: () => void child.kill(),
    hold: () => undefined,
  };
}

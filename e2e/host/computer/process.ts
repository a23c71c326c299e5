// `utilityProcess`: a Node child with Electron's `process.parentPort`, so that the code inside it meets what it would meet there.
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ForkOptions, UtilityProcess } from 'electron';

type Ours = Partial<Omit<UtilityProcess, keyof EventEmitter>>;

class StandInProcess extends EventEmitter implements Ours {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    child.on('spawn', () => this.emit('spawn'));
    child.on('message', (message) => this.emit('message', message));
    child.on('exit', (code, signal) => this.emit('exit', code ?? (signal === null ? 0 : 128)));
    child.on('error', (error) => process.stderr.write(`utility process: ${error.message}\n`));
  }
  get pid(): number | undefined {
    return this.#child.exitCode === null ? this.#child.pid : undefined;
  }
  get stdout(): NodeJS.ReadableStream | null {
    return this.#child.stdout;
  }
  get stderr(): NodeJS.ReadableStream | null {
    return this.#child.stderr;
  }
  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, () => undefined);
  }
  kill(): boolean {
    return this.#child.kill();
  }
}

export function createUtilityProcess() {
  const running = new Map<number, string>();
  const metrics = () =>
    [...running].map(([pid, name]) => ({ pid, name, type: 'Utility' as const, creationTime: 0, cpu: { percentCPUUsage: 0, idleWakeupsPerSecond: 0 } }));
  const utilityProcess = {
    fork: (modulePath: string, args: string[] = [], options: ForkOptions = {}) => {
      const port = fileURLToPath(new URL('./parent-port.ts', import.meta.url));
      const stdio = Array.isArray(options.stdio) ? options.stdio : (['inherit', 'inherit', 'inherit'] as const);
      const child = fork(modulePath, args, {
        serialization: 'advanced',
        execArgv: ['--import', port, ...(options.execArgv ?? [])],
        stdio: [...stdio, 'ipc'],
        ...(options.env === undefined ? {} : { env: options.env as NodeJS.ProcessEnv }),
      });
      const { pid } = child;
      if (pid !== undefined) {
        running.set(pid, options.serviceName ?? 'Node Utility Process');
        child.once('exit', () => running.delete(pid));
      }
      return new StandInProcess(child);
    },
  };
  return { utilityProcess, metrics };
}

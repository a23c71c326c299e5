// One life of the errand's process: from its start to its end, which may be a kill at a named point or at a moment that nobody chose.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export type Kill =
  /** At the n-th pass of a failpoint in this life. */
  | { readonly type: 'point'; readonly name: string; readonly pass: number }
  /** So many milliseconds after the process was started, or after it had opened its data. */
  | { readonly type: 'time'; readonly from: 'start' | 'ready'; readonly ms: number };

export type Lived = {
  readonly killed: boolean;
  readonly steps: number;
  /** Milliseconds from the start of the process to its first new step; null where it did not come so far. */
  readonly firstStepMs: number | null;
  readonly readyMs: number | null;
};

export type Errand = { readonly data: string; readonly steps: number; readonly server: string; readonly withoutIntent: boolean };

const program = join(import.meta.dirname, 'program.ts');

/** Rejects where the process ends by itself with an error. */
export function live({ data, steps, server, withoutIntent }: Errand, kill: Kill | null, log: string | null = null): Promise<Lived> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, data, String(steps), server], {
    env: {
      ...process.env,
      ...(kill?.type === 'point' ? { NACRE_FAILPOINT: `${kill.name}:${kill.pass}` } : {}),
      ...(log === null ? {} : { NACRE_FAILPOINT_LOG: log }),
      ...(withoutIntent ? { NACRE_CRASH_WITHOUT_INTENT: '1' } : {}),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lived: { steps: number; firstStepMs: number | null; readyMs: number | null } = { steps: 0, firstStepMs: null, readyMs: null };
  let timer: NodeJS.Timeout | undefined;
  const killAfter = (from: 'start' | 'ready'): void => {
    if (kill?.type === 'time' && kill.from === from) timer = setTimeout(() => child.kill('SIGKILL'), kill.ms);
  };
  killAfter('start');
  child.stdout.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().trim().split('\n')) {
      if (line === 'ready') {
        lived.readyMs = performance.now() - startedAt;
        killAfter('ready');
      } else {
        lived.firstStepMs ??= performance.now() - startedAt;
        lived.steps += 1;
      }
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL' || code === 0) resolve({ ...lived, killed: signal === 'SIGKILL' });
      else reject(new Error(`the errand ended with ${code ?? signal}`));
    });
  });
}

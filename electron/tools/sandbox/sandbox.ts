// The operating system's sandbox: whether commands can be contained here, and how.
import { homedir, tmpdir } from 'node:os';
import { type Fault, fault } from '../../contract/fault.ts';
import { realPath } from '../../durable.ts';
import { createLinux } from './linux.ts';
import { createMac } from './mac.ts';
import { conflictWith, layGround, type Own } from './places.ts';
import { findProgram, installCommand, missingPrograms } from './programs.ts';
import { prove } from './proof.ts';
import type { Confines, Sandbox, Wrapped } from './seam.ts';
import { findSecrets } from './secrets.ts';

export type SandboxOptions = {
  /** Our own data folder, absolute. */
  readonly data: string;
  readonly home?: string;
  readonly platform?: NodeJS.Platform;
  /** Where programs are looked for. */
  readonly path?: string;
};

/** Cheap: the library behind it is loaded by the first command. */
export function createSandbox({ data, home = homedir(), platform = process.platform, path = process.env['PATH'] ?? '' }: SandboxOptions): Sandbox {
  const own = (): Own => ({ home: realPath(home), data: realPath(data), temporary: realPath(tmpdir()), path });
  const contain = platform === 'darwin' ? createMac() : createLinux(data, path);
  let proof: Promise<string | null> | null = null;

  async function wrap(script: string, { folder, scratch }: Confines): Promise<Wrapped> {
    const ground = layGround({ ...own(), folder, scratch }, await findSecrets(findProgram('rg', path, folder), folder));
    return { ...(await contain(script, ground)), inMemory: ['/dev/shm', ...ground.hidden] };
  }

  async function proven(): Promise<string | null> {
    proof ??= prove(wrap);
    const reason = await proof;
    if (reason !== null) proof = null;
    return reason;
  }

  const lacks = (): readonly Fault[] => {
    if (platform !== 'linux' && platform !== 'darwin') return [fault('sandbox.unsupported', { system: platform })];
    const missing = missingPrograms(platform, path);
    return missing.length === 0 ? [] : [fault('sandbox.missing', { programs: missing.join(', '), command: installCommand(missing, path) })];
  };

  return {
    lacks,
    trouble: async (folder) => {
      const [lacking] = lacks();
      if (lacking !== undefined) return lacking;
      const place = folder === undefined ? null : conflictWith(own(), folder);
      if (place !== null) return fault('sandbox.folder', { folder: folder ?? '', place });
      const reason = await proven();
      return reason === null ? null : fault('sandbox.broken', { reason });
    },
    wrap,
  };
}

// The seam to the operating system's sandbox: what a contained command can reach, and whether commands can be contained here at all.
import { realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { type Fault, fault } from '../../contract/fault.ts';
import { createLinux } from './linux.ts';
import { createMac } from './mac.ts';
import { conflictWith, type Ground, layGround, type Own } from './places.ts';
import { findProgram, installCommand, missingPrograms } from './programs.ts';
import { prove } from './proof.ts';
import { findSecrets } from './secrets.ts';

export type SandboxState =
  | { readonly type: 'working' }
  /** Commands would run with all the person's rights; the fault says why, and the one command that changes it where there is one. */
  | { readonly type: 'absent'; readonly fault: Fault };

/** Where a contained command may write, and whom it may talk to. Both folders are absolute and real. */
export type Confines = {
  readonly folder: string;
  /** For temporary files; what is written elsewhere is lost when the command ends. */
  readonly scratch: string;
  /** Names such as `registry.npmjs.org` or `*.npmjs.org`. Whatever is named, private, loopback and metadata addresses stay out of reach. */
  readonly hosts: readonly string[];
};

export type Wrapped = {
  /** For `/bin/sh -c` in `folder`. It inherits its environment: give it one without secrets. */
  readonly script: string;
  /** Whether the system ends all that the script started as soon as it has ended itself. */
  readonly endsWhole: boolean;
  /** Folders that are in memory while it runs, as the command sees them. */
  readonly inMemory: readonly string[];
  /** Call it once when the command has ended or was never started. */
  release(): Promise<void>;
};

export type Sandbox = {
  /** Looks anew until it once works; a folder that lies in or holds secret places never does. Without a folder: whether any can. Never rejects. */
  state(folder?: string): Promise<SandboxState>;
  /** What runs `script`, shell text, inside the confines. Throws where that can't be had; nothing may run in its place then. */
  wrap(script: string, confines: Confines): Promise<Wrapped>;
};

/** One operating system's way to put the ground around a script. */
export type Container = (script: string, ground: Ground, hosts: readonly string[]) => Promise<Omit<Wrapped, 'inMemory'>>;

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
  const own = (): Own => ({ home: real(home), data: real(data), temporary: real(tmpdir()), path });
  const contain = platform === 'darwin' ? createMac() : createLinux(data, path);
  let proof: Promise<string | null> | null = null;

  async function wrap(script: string, { folder, scratch, hosts }: Confines): Promise<Wrapped> {
    const ground = layGround({ ...own(), folder, scratch }, await findSecrets(findProgram('rg', path, folder), folder));
    return { ...(await contain(script, ground, hosts)), inMemory: ['/dev/shm', ...ground.hidden] };
  }

  async function proven(): Promise<string | null> {
    proof ??= prove(wrap);
    const reason = await proof;
    if (reason !== null) proof = null;
    return reason;
  }

  return {
    state: async (folder) => {
      if (platform !== 'linux' && platform !== 'darwin') return absent(fault('sandbox.unsupported', { system: platform }));
      const missing = missingPrograms(platform, path);
      if (missing.length > 0) return absent(fault('sandbox.missing', { programs: missing.join(', '), command: installCommand(missing, path) }));
      const place = folder === undefined ? null : conflictWith(own(), folder);
      if (place !== null) return absent(fault('sandbox.folder', { folder: folder ?? '', place }));
      const reason = await proven();
      return reason === null ? { type: 'working' } : absent(fault('sandbox.broken', { reason }));
    },
    wrap,
  };
}

function absent(why: Fault): SandboxState {
  return { type: 'absent', fault: why };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch (reason) {
    if (reason instanceof Error && 'code' in reason) return path;
    throw reason;
  }
}

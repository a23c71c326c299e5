// Contains a script on Linux: bubblewrap's namespaces and a system-call filter, laid out by Anthropic's sandbox runtime.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import type { LinuxSandboxParams } from '@anthropic-ai/sandbox-runtime/dist/sandbox/linux-sandbox-utils.js';
import { isWithin } from '../files/folder.ts';
import { quote } from '../shell/receipt.ts';
import type { Ground } from './places.ts';
import { findProgram } from './programs.ts';
import type { Container } from './seam.ts';

/**
 * The parts of /proc that speak to the kernel, not about processes. To a root inside that is the root outside, they would be writable:
 * the kernel's settings ask only for the user's number.
 */
const kernelFiles: readonly string[] = ['sys', 'sysrq-trigger', 'irq', 'bus', 'fs', 'scsi', 'acpi'];

type Laid = { readonly script: string; release(): Promise<void>; readonly isLong: boolean };
type Library = typeof import('@anthropic-ai/sandbox-runtime/dist/sandbox/linux-sandbox-utils.js');

/** The library's search takes 20 ms, and its answer depends on nothing but script and ground: it is kept for each folder. */
export function createLinux(data: string, path: string): Container {
  const kept = new Map<string, Laid & { readonly key: string }>();
  let last: Promise<unknown> = Promise.resolve();

  async function layOut(script: string, ground: Ground): Promise<Laid> {
    const library: Library = await import('@anthropic-ai/sandbox-runtime/dist/sandbox/linux-sandbox-utils.js');
    const { getApplySeccompBinaryPath } = await import('@anthropic-ai/sandbox-runtime/dist/sandbox/generate-seccomp-filter.js');
    if (getApplySeccompBinaryPath() === null) throw new Error(`there is no system-call filter for ${process.arch}`);
    const wrap = (): Promise<string> => beside(ground, () => library.wrapCommandWithSandboxLinux({ ...profileOf(ground, path), command: script }));
    // One after the other, because each may step aside.
    const wrapped = last.then(wrap, wrap);
    last = wrapped;
    const made = await wrapped;
    // A very long list of places goes by an open file of ours; otherwise there is nothing to keep until the command has ended.
    const isLong = made.includes(' srt-args ');
    if (!isLong) library.cleanupBwrapMountPoints();
    return {
      script: apartFromKeys(isRoot() ? belowRoot(made, data) : `exec ${made}`, path, ground.folder),
      release: async () => (isLong ? library.cleanupBwrapMountPoints() : undefined),
      isLong,
    };
  }

  return async (script, ground) => {
    const key = JSON.stringify([script, ground]);
    const before = kept.get(ground.folder);
    const laid = before?.key === key ? before : { key, ...(await layOut(script, ground)) };
    if (!laid.isLong) kept.set(ground.folder, laid);
    return { ...laid, endsWhole: true };
  };
}

function profileOf(ground: Ground, path: string): Omit<LinuxSandboxParams, 'command'> {
  const program = (name: string): string => {
    const found = findProgram(name, path, ground.folder);
    if (found === null) throw new Error(`${name} is missing outside of the folder`);
    return found;
  };
  return {
    binShell: '/bin/sh',
    needsNetworkRestriction: true,
    readConfig: { denyOnly: [...ground.hidden, ...ground.secret], allowWithinDeny: [...ground.shown], credentialDenyOnly: [...ground.secret] },
    writeConfig: { allowOnly: [ground.folder, ground.scratch], denyWithinAllow: [...ground.fixed, ...ground.secret] },
    enableWeakerNestedSandbox: isRoot(),
    mandatoryDenySearchDepth: 1,
    bwrapPath: program('bwrap'),
    socatPath: program('socat'),
    ripgrepConfig: { command: program('rg') },
  };
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/**
 * The kernel's keyring of a login session goes to every descendant, through all namespaces; the library leaves it. So the script starts with
 * an empty one. 1 is KEYCTL_JOIN_SESSION_KEYRING.
 */
function apartFromKeys(script: string, path: string, folder: string): string {
  if (!existsSync('/proc/keys') || !/ _ses: /.test(readFileSync('/proc/keys', 'latin1'))) return script;
  const keyctl = findProgram('keyctl', path, folder);
  if (keyctl !== null) return `exec ${quote(keyctl)} session - /bin/sh -c ${quote(script)} 2>/dev/null`;
  const perl = findProgram('perl', path, folder);
  const number = { x64: 250, arm64: 219 }[process.arch as string];
  if (perl === null || number === undefined) throw new Error('neither keyctl (of keyutils) nor perl is here to leave the keyring of the session');
  return `exec ${quote(perl)} -e 'syscall(${number}, 1, 0) >= 0 or exit 126; exec @ARGV' /bin/sh -c ${quote(script)}`;
}

/** Root gets a process table of its own first, in which the kernel's files are read-only before anything of the command's starts. */
function belowRoot(script: string, data: string): string {
  const table = join(data, 'sandbox.fstab');
  const covered = kernelFiles.map((name) => `/proc/${name}`).filter((place) => existsSync(place));
  writeFileSync(table, covered.map((place) => `${place} ${place} none bind,ro 0 0\n`).join(''), { mode: 0o600 });
  const [major = 0, minor = 0] = release().split('.').map(Number);
  // The system's limit on a user's processes does not hold for root; since Linux 6.14 a process table can have one of its own.
  const few = major > 6 || (major === 6 && minor >= 14) ? 'echo 1024 > /proc/sys/kernel/pid_max && ' : '';
  const inner = `${few}PATH=/usr/sbin:/usr/bin:/sbin:/bin mount -a -T ${quote(table)} && [ ! -w /proc/sys/kernel/core_pattern ] && exec ${script}`;
  return `exec /usr/bin/unshare --mount --pid --fork --kill-child --mount-proc /bin/sh -c ${quote(inner)}`;
}

/**
 * The library protects the current folder of this process. Where that is one the command may write to, it would put empty files there for
 * what does not exist; so we step aside for these milliseconds.
 */
async function beside<T>({ folder, scratch }: Ground, work: () => Promise<T>): Promise<T> {
  const here = process.cwd();
  if (!isWithin(here, folder) && !isWithin(here, scratch)) return work();
  process.chdir('/proc/self');
  try {
    return await work();
  } finally {
    process.chdir(here);
  }
}

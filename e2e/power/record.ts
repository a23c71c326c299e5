// Records, with strace, every write and every sync that a writer of the journal asks the system for, in order.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export type Operation =
  | { readonly type: 'write'; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly type: 'cut'; readonly file: string; readonly size: number }
  | { readonly type: 'remove'; readonly file: string }
  | { readonly type: 'sync'; readonly file: string }
  /** The writer has said that so many entries are safe. */
  | { readonly type: 'acknowledged'; readonly count: number };

const program = join(import.meta.dirname, 'writer.ts');
const calls = 'pwrite64,pwritev,write,ftruncate,fsync,fdatasync,unlink,unlinkat';

export function hasStrace(): boolean {
  return process.platform === 'linux' && spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;
}

/** Throws where the writer could not be followed. */
export function record(home: string, entries: number, synchronous: 'FULL' | 'NORMAL'): Operation[] {
  const [data, log, acknowledged] = [join(home, 'data'), join(home, 'strace.log'), join(home, 'acknowledged')];
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', program, data, acknowledged, String(entries), synchronous];
  const { status, stderr } = spawnSync('strace', ['-f', '-y', '-xx', '-s', '70000', '-e', `trace=${calls}`, '-o', log, ...node], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the writer ended with ${status}: ${stderr.slice(-500)}`);
  return readFileSync(log, 'latin1')
    .split('\n')
    .flatMap((line) => parse(line, data, acknowledged));
}

function parse(line: string, data: string, acknowledged: string): Operation[] {
  const called = /^\d+ +(\w+)\((.*)\) += (-?\d+)/.exec(line);
  const [, name = '', rest = '', result = '-1'] = called ?? [];
  if (Number(result) < 0) return [];
  const path = unhex(/<([^>]*)>/.exec(rest)?.[1] ?? /"([^"]*)"/.exec(rest)?.[1] ?? '');
  if (name === 'write' && path === acknowledged) return [{ type: 'acknowledged', count: Number(unhex(textOf(rest)).trim()) }];
  const file = basename(path);
  if (!path.startsWith(data) || !/^nacre\.db(-wal|-journal)?$/.test(file)) return [];
  if (name === 'pwrite64') return [{ type: 'write', file, at: Number(/, (\d+)$/.exec(rest)?.[1]), bytes: Buffer.from(unhex(textOf(rest)), 'latin1') }];
  if (name === 'ftruncate') return [{ type: 'cut', file, size: Number(/, (\d+)$/.exec(rest)?.[1]) }];
  if (name.startsWith('unlink')) return [{ type: 'remove', file }];
  if (name === 'fsync' || name === 'fdatasync') return [{ type: 'sync', file }];
  throw new Error(`SQLite wrote with ${name}, which is not followed here`);
}

function textOf(rest: string): string {
  return /"([^"]*)"/.exec(rest)?.[1] ?? '';
}

/** strace shows every byte as `\xNN`, also in paths. */
function unhex(text: string): string {
  return text.includes('\\x') ? text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;
}

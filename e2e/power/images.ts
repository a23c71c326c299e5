// What a disk may hold when the power fails: everything that was synced, and of what was written since then nothing, all, some, or a torn piece.
// That files are made and removed counts as done at once; SQLite syncs the folder itself.
import type { Operation } from './record.ts';

export type Loss = 'nothing since' | 'all' | 'some' | 'torn';
export type Image = { readonly files: ReadonlyMap<string, Buffer>; readonly acknowledged: number; readonly loss: Loss };

type Change = Extract<Operation, { type: 'write' | 'cut' }>;
type File = { synced: Buffer; pending: Change[] };

export const losses: readonly Loss[] = ['nothing since', 'all', 'some', 'torn'];

/** An image for each kind of loss after every `every`-th operation, from the first acknowledged entry on. `random` gives numbers in [0, 1). */
export function* images(operations: readonly Operation[], every: number, random: () => number): Generator<Image> {
  const files = new Map<string, File>();
  let acknowledged = 0;
  for (const [index, operation] of operations.entries()) {
    if (operation.type === 'acknowledged') acknowledged = operation.count;
    else take(files, operation);
    if (acknowledged === 0 || (index % every !== 0 && operation.type !== 'acknowledged')) continue;
    for (const loss of losses) yield { files: new Map([...files].map(([name, file]) => [name, imageOf(file, loss, random)])), acknowledged, loss };
  }
}

function take(files: Map<string, File>, operation: Exclude<Operation, { type: 'acknowledged' }>): void {
  if (operation.type === 'remove') {
    files.delete(operation.file);
    return;
  }
  const file = files.get(operation.file) ?? { synced: Buffer.alloc(0), pending: [] };
  files.set(operation.file, file);
  if (operation.type === 'sync') Object.assign(file, { synced: apply(file.synced, file.pending), pending: [] });
  else file.pending.push(operation);
}

function imageOf({ synced, pending }: File, loss: Loss, random: () => number): Buffer {
  if (loss === 'nothing since' || pending.length === 0) return synced;
  if (loss === 'all') return apply(synced, pending);
  if (loss === 'some')
    return apply(
      synced,
      pending.filter(() => random() < 0.5),
    );
  const upTo = pending.slice(0, 1 + Math.floor(random() * pending.length));
  const last = upTo.at(-1);
  // A sector is written whole or not at all.
  if (last?.type === 'write') upTo.splice(-1, 1, { ...last, bytes: last.bytes.subarray(0, 512 * Math.floor((random() * last.bytes.length) / 512)) });
  return apply(synced, upTo);
}

function apply(before: Buffer, changes: readonly Change[]): Buffer {
  let after = Buffer.from(before);
  for (const change of changes) {
    const size = change.type === 'cut' ? change.size : Math.max(after.length, change.at + change.bytes.length);
    if (size !== after.length) after = Buffer.concat([after.subarray(0, size), Buffer.alloc(Math.max(0, size - after.length))]);
    if (change.type === 'write') change.bytes.copy(after, change.at);
  }
  return after;
}

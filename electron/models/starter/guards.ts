// What keeps so small a model from doing what nobody asked for: every value must stand in what the person said, and what changes something must be asked for by name.
import table from './calls.json' with { type: 'json' };
import type { Short, ShortName } from './calls.ts';

/** What a call that changes something must find in the request: a word for it. */
const verbs: Partial<Readonly<Record<ShortName, string>>> = table.verbs;

/** Where a number of the request must not get lost. */
const exact: ReadonlySet<ShortName> = new Set(['remind', 'change', 'calc', 'convert', 'date']);

/** Whether the call says no more and, where numbers count, no less than the person did; `before` is what they said last. */
export function isGrounded({ name, values }: Short, request: string, before: string): boolean {
  const said = plain(`${request} ${before}`);
  const grounded = Object.entries(values).every(([key, value]) => isConstant(name, key, value) || stands(plain(value), said));
  if (!grounded || !new RegExp(verbs[name] ?? '', 'i').test(request)) return false;
  const written = plain(Object.values(values).join(' '));
  return !exact.has(name) || (plain(request).match(/\d+/g) ?? []).every((digits) => written.includes(digits));
}

function isConstant(name: ShortName, key: string, value: string): boolean {
  return (name === 'list' && value === '.') || (key === 'which' && value === 'last');
}

/** Word for word, in at most four pieces that stand there in any order. */
function stands(value: string, said: string, pieces = 4): boolean {
  if (value === '') return pieces < 4;
  if (pieces === 0) return false;
  for (let length = value.length; length > 0; length--) {
    if (holds(said, value.slice(0, length)) && stands(value.slice(length).trimStart(), said, pieces - 1)) return true;
  }
  return false;
}

/** A piece begins and ends where words do, else anything could be pieced together. */
function holds(said: string, piece: string): boolean {
  const joins = (two: string): boolean => /^[a-z0-9]{2}$/.test(two);
  for (let at = said.indexOf(piece); at >= 0; at = said.indexOf(piece, at + 1))
    if (!joins(said.slice(Math.max(0, at - 1), at + 1)) && !joins(said.slice(at + piece.length - 1, at + piece.length + 1))) return true;
  return false;
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

// What keeps so small a model from doing what nobody asked for: every value must stand in what the person said, nothing of it may get lost, and what changes something must be asked for by name.
import asking from './asking.json' with { type: 'json' };
import table from './calls.json' with { type: 'json' };
import type { Short, ShortName } from './calls.ts';

/** What a call that changes something must find in the request: a word for it. */
const verbs: Partial<Readonly<Record<ShortName, string>>> = table.verbs;

/** The words with which people ask. What else is left of a request belongs to what they ask for. */
const asked: Partial<Readonly<Record<ShortName, string>>> = asking;

const quotes = /["“「《`]([^"”」》`]+)["”」》`]/g;

/** Whether the call says what the person did, no more and no less; `before` is what they said last. */
export function isGrounded({ name, values }: Short, request: string, before: string): boolean {
  const given = Object.entries(values)
    .filter(([key, value]) => !isConstant(name, key, value))
    .map(([key, value]) => ({ value: plain(value), pieces: key === 'fact' ? 1 : 4 }))
    .sort((a, b) => b.value.length - a.value.length);
  let rest: string | null = `${plain(request)}\n${plain(before)}`;
  for (const { value, pieces } of given) rest = rest === null || cutsName(value, request) ? null : take(value, rest, pieces);
  if (rest === null || !new RegExp(verbs[name] ?? '', 'i').test(request)) return false;
  const words = asked[name]?.split(' ');
  const [left = ''] = rest.split('\n');
  // Whose it is belongs to a fact.
  if (name === 'remember' && /[我你他她们的] ·/u.test(left)) return false;
  return words === undefined || (left.match(/\p{Script=Han}|[^\W_]+(?:'[^\W_]+)?/gu) ?? []).every((word) => words.includes(word));
}

function isConstant(name: ShortName, key: string, value: string): boolean {
  return (name === 'list' && value === '.') || (key === 'which' && value === 'last');
}

/** A name in quotes is meant as a whole. */
function cutsName(value: string, request: string): boolean {
  return [...request.matchAll(quotes)].some(([, name = '']) => plain(name) !== value && plain(name).includes(value));
}

/** Takes it out word for word, in at most so many pieces that stand there in any order; null where it does not stand there. */
function take(value: string, said: string, pieces: number): string | null {
  if (value === '' || pieces === 0) return null;
  for (let length = value.length; length > 0; length--) {
    const piece = value.slice(0, length);
    const at = placeOf(piece, said);
    if (at < 0) continue;
    const rest = `${said.slice(0, at)} · ${said.slice(at + length)}`;
    const more = value.slice(length).trimStart();
    const left = more === '' ? rest : take(more, rest, pieces - 1);
    if (left !== null) return left;
  }
  return null;
}

/** A piece begins and ends where words do, else anything could be pieced together. */
function placeOf(piece: string, said: string): number {
  const joins = (two: string): boolean => /^[a-z0-9]{2}$/.test(two);
  for (let at = said.indexOf(piece); at >= 0; at = said.indexOf(piece, at + 1))
    if (!joins(said.slice(Math.max(0, at - 1), at + 1)) && !joins(said.slice(at + piece.length - 1, at + piece.length + 1))) return at;
  return -1;
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

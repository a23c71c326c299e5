// Makes long or untidy output fit for the model: its head and its tail, cut between lines, without terminal codes.
import { stripVTControlCharacters } from 'node:util';

/** Bytes of tool output that the model reads at most, apart from the notes around it. */
export const outputBytes = 16_000;
/** Of which the head may take this much; the rest is for the tail, where errors usually are. */
export const headBytes = 9_000;

/** The two ends of some output. Where `left` is 0 they are all of it, head followed by tail. */
export type Ends = {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  /** Bytes between them that are not here. */
  readonly left: number;
};

/** The ends of bytes that are held whole. */
export function endsOf(bytes: Uint8Array, limit = outputBytes): Ends {
  if (bytes.length <= limit) return { head: bytes, tail: new Uint8Array(), left: 0 };
  const atHead = Math.floor((limit * headBytes) / outputBytes);
  const head = bytes.subarray(0, atHead);
  const tail = bytes.subarray(bytes.length - (limit - atHead));
  return { head, tail, left: bytes.length - head.length - tail.length };
}

/** The text of both ends with a note between them; `where` says how to see what was left out. */
export function shorten(ends: Ends, where: string): string {
  if (ends.left === 0) return readable(Buffer.concat([ends.head, ends.tail]));
  const head = cutEnd(ends.head);
  const tail = cutStart(ends.tail);
  const left = ends.left + (ends.head.length - head.length) + (ends.tail.length - tail.length);
  return `${withLineEnd(readable(head))}[${left} bytes left out; ${where}]\n${readable(tail)}`;
}

/** Bytes as text for the model: U+FFFD for what is not UTF-8, no terminal codes, of an overwritten line only what stood there last. */
export function readable(bytes: Uint8Array): string {
  const text = stripVTControlCharacters(new TextDecoder().decode(bytes)).replaceAll('\r\n', '\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is to be removed
  return text.replace(/[^\n]*\r(?=[^\n])/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}

/** The longest beginning that ends with a whole line, or at least with a whole character where the last line is very long. */
export function cutEnd(bytes: Uint8Array): Uint8Array {
  const line = bytes.lastIndexOf(0x0a) + 1;
  if (line > bytes.length / 2) return bytes.subarray(0, line);
  // A last character of several bytes is let go, whole or not.
  let end = bytes.length;
  while (end > bytes.length - 4 && isInside(bytes[end - 1])) end -= 1;
  return bytes.subarray(0, (bytes[end - 1] ?? 0) < 0xc0 ? bytes.length : end - 1);
}

/** The longest ending that begins with a whole line, or at least with a whole character. */
function cutStart(bytes: Uint8Array): Uint8Array {
  const line = bytes.indexOf(0x0a) + 1;
  if (line > 0 && line < bytes.length / 2) return bytes.subarray(line);
  let start = 0;
  while (start < 3 && isInside(bytes[start])) start += 1;
  return bytes.subarray(start);
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function isInside(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

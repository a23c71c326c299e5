// Reads the list of tensors in a GGUF header and checks that the file is long enough to hold every one of them.
import { type Cursor, Unreadable } from './cursor.ts';

const longestName = 1024;
const mostDimensions = 4;
const largest = 2 ** 48;

/** Values per block and bytes per block of each tensor type, as ggml numbers them. */
const blocks: Readonly<Record<number, readonly [number, number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  9: [32, 36],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  15: [256, 292],
  16: [256, 66],
  17: [256, 74],
  18: [256, 98],
  19: [256, 50],
  20: [32, 18],
  21: [256, 110],
  22: [256, 82],
  23: [256, 136],
  24: [1, 1],
  25: [1, 2],
  26: [1, 4],
  27: [1, 8],
  28: [1, 8],
  29: [256, 56],
  30: [1, 2],
  34: [256, 54],
  35: [256, 66],
  39: [32, 17],
};

/** The number of parameters: all values of all tensors. */
export async function readTensors(cursor: Cursor, count: number, alignment: number): Promise<number> {
  if (alignment < 1 || alignment > 1 << 20 || (alignment & (alignment - 1)) !== 0) throw new Unreadable(`it claims an alignment of ${alignment}`);
  let parameters = 0;
  let last = { name: '', end: 0 };
  for (let at = 0; at < count; at++) {
    const { name, elements, bytes, offset } = await readTensor(cursor);
    if (offset % alignment !== 0) throw new Unreadable(`its tensor ${name} begins at an odd place`);
    if (offset + bytes > last.end) last = { name, end: offset + bytes };
    parameters += elements;
  }
  const end = Math.ceil(cursor.position() / alignment) * alignment + last.end;
  if (end > cursor.size) throw new Unreadable(`it is cut off: its tensor ${last.name} would end at byte ${end}, and it has ${cursor.size}`, 'cut-off');
  return parameters;
}

async function readTensor(cursor: Cursor) {
  const name = JSON.stringify((await cursor.bytes(await cursor.u64('a tensor name with a length', longestName))).toString('utf8'));
  const dimensions = await cursor.u32();
  if (dimensions > mostDimensions) throw new Unreadable(`its tensor ${name} has ${dimensions} dimensions; at most ${mostDimensions} are believable`);
  let elements = 1;
  for (let at = 0; at < dimensions; at++) elements *= await cursor.u64('a tensor dimension', largest);
  if (elements < 1 || elements > largest) throw new Unreadable(`its tensor ${name} has ${elements} values`);
  const type = await cursor.u32();
  const offset = await cursor.u64('a tensor offset', Number.MAX_SAFE_INTEGER);
  // A type newer than this table is checked for its beginning only.
  const [values, bytes] = blocks[type] ?? [elements, 1];
  return { name, elements, bytes: Math.ceil(elements / values) * bytes, offset };
}

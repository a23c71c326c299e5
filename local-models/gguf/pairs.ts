// Reads the key-value pairs of a GGUF header; keeps texts and numbers, checks and skips lists.
import { type Cursor, Unreadable } from './cursor.ts';

const mostPairs = 10_000;
const longestKey = 65_535;
/** Chat templates are the longest texts; bytes. */
const longestText = 8 << 20;
/** The longest lists are vocabularies and their merges. */
const longestList = 8_000_000;

const types = { string: 8, array: 9 } as const;
/** How the types with a fixed size are read, as GGUF numbers them, and their bytes. */
const numbers: Readonly<Record<number, readonly [width: number, read: (bytes: Buffer) => number]>> = {
  0: [1, (bytes) => bytes.readUInt8()],
  1: [1, (bytes) => bytes.readInt8()],
  2: [2, (bytes) => bytes.readUInt16LE()],
  3: [2, (bytes) => bytes.readInt16LE()],
  4: [4, (bytes) => bytes.readUInt32LE()],
  5: [4, (bytes) => bytes.readInt32LE()],
  6: [4, (bytes) => bytes.readFloatLE()],
  7: [1, (bytes) => bytes.readUInt8()],
  10: [8, (bytes) => Number(bytes.readBigUInt64LE())],
  11: [8, (bytes) => Number(bytes.readBigInt64LE())],
  12: [8, (bytes) => bytes.readDoubleLE()],
};

export async function readPairs(cursor: Cursor) {
  const count = await cursor.u64('a number of properties', mostPairs);
  const values = new Map<string, string | number>();
  for (let at = 0; at < count; at++) {
    const key = (await cursor.bytes(await cursor.u64('a property name with a length', longestKey))).toString('utf8');
    const value = await readValue(cursor, await cursor.u32());
    if (value !== null) values.set(key, value);
  }
  return {
    text(key: string): string | undefined {
      const value = values.get(key);
      return typeof value === 'string' ? value : undefined;
    },
    number(key: string): number | undefined {
      const value = values.get(key);
      return typeof value === 'number' ? value : undefined;
    },
  };
}

async function readValue(cursor: Cursor, type: number): Promise<string | number | null> {
  if (type === types.string) return (await cursor.bytes(await cursor.u64('a text with a length', longestText))).toString('utf8');
  if (type === types.array) {
    await skipList(cursor);
    return null;
  }
  const [width, read] = numberType(type);
  return read(await cursor.bytes(width));
}

async function skipList(cursor: Cursor): Promise<void> {
  const type = await cursor.u32();
  const count = await cursor.u64('a list with a length', longestList);
  if (type === types.array) throw new Unreadable('it holds lists of lists');
  if (type !== types.string) {
    cursor.skip(count * numberType(type)[0]);
    return;
  }
  for (let at = 0; at < count; at++) cursor.skip(await cursor.u64('a text with a length', longestText));
}

function numberType(type: number): (typeof numbers)[number] {
  const found = numbers[type];
  if (found === undefined) throw new Unreadable(`it uses the unknown value type ${type}`);
  return found;
}

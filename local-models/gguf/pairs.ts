// Reads the key-value pairs of a GGUF header; keeps texts and numbers, checks and skips lists.
import { type Cursor, Unreadable } from './cursor.ts';

export type Pairs = { text(key: string): string | undefined; number(key: string): number | undefined };

const mostPairs = 10_000;
const longestKey = 65_535;
/** Chat templates are the longest texts; bytes. */
const longestText = 8 << 20;
/** The longest lists are vocabularies and their merges. */
const longestList = 8_000_000;

const types = { string: 8, array: 9 } as const;
/** Bytes per value of the types with a fixed size. */
const widths: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

export async function readPairs(cursor: Cursor): Promise<Pairs> {
  const count = await cursor.u64('a number of properties', mostPairs);
  const values = new Map<string, string | number>();
  for (let at = 0; at < count; at++) {
    const key = (await cursor.bytes(await cursor.u64('a property name with a length', longestKey))).toString('utf8');
    const value = await readValue(cursor, await cursor.u32());
    if (value !== null) values.set(key, value);
  }
  return {
    text(key) {
      const value = values.get(key);
      return typeof value === 'string' ? value : undefined;
    },
    number(key) {
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
  return asNumber(type, await cursor.bytes(widthOf(type)));
}

async function skipList(cursor: Cursor): Promise<void> {
  const type = await cursor.u32();
  const count = await cursor.u64('a list with a length', longestList);
  if (type === types.array) throw new Unreadable('it holds lists of lists');
  if (type !== types.string) {
    cursor.skip(count * widthOf(type));
    return;
  }
  for (let at = 0; at < count; at++) cursor.skip(await cursor.u64('a text with a length', longestText));
}

function widthOf(type: number): number {
  const width = widths[type];
  if (width === undefined) throw new Unreadable(`it uses the unknown value type ${type}`);
  return width;
}

function asNumber(type: number, bytes: Buffer): number {
  switch (type) {
    case 0:
    case 7:
      return bytes.readUInt8();
    case 1:
      return bytes.readInt8();
    case 2:
      return bytes.readUInt16LE();
    case 3:
      return bytes.readInt16LE();
    case 5:
      return bytes.readInt32LE();
    case 6:
      return bytes.readFloatLE();
    case 10:
      return Number(bytes.readBigUInt64LE());
    case 11:
      return Number(bytes.readBigInt64LE());
    case 12:
      return bytes.readDoubleLE();
    default:
      return bytes.readUInt32LE();
  }
}

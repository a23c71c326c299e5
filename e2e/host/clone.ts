// What crosses between a page and the main process, as text: the values that a structured clone can carry, and no others.

export type Clone = { encode(value: unknown): string; decode(text: string): unknown };

/**
 * Self-contained, because its source is also run inside pages. Throws "An object could not be cloned." where Electron does:
 * for functions, symbols, promises and other live things.
 */
export function createClone(): Clone {
  type Tagged = { readonly $: string; readonly v?: unknown };
  const refuse = (): never => {
    throw new Error('An object could not be cloned.');
  };
  const bytesOf = (buffer: ArrayBuffer, offset: number, length: number): string =>
    Array.from(new Uint8Array(buffer, offset, length), (byte) => String.fromCharCode(byte)).join('');
  const bufferOf = (text: string): ArrayBuffer => Uint8Array.from(text, (sign) => sign.charCodeAt(0)).buffer;
  const numberOf = (value: number): unknown =>
    Number.isFinite(value) && !Object.is(value, -0) ? value : { $: 'number', v: Object.is(value, -0) ? '-0' : String(value) };

  function pack(value: unknown, above: readonly object[]): unknown {
    if (value === undefined) return { $: 'undefined' };
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number') return numberOf(value);
    if (typeof value === 'bigint') return { $: 'bigint', v: String(value) };
    if (typeof value !== 'object' || above.includes(value)) return refuse();
    return packObject(value, [...above, value]);
  }

  function packObject(value: object, above: readonly object[]): unknown {
    if (Array.isArray(value)) return value.map((each) => pack(each, above));
    if (value instanceof Date) return { $: 'date', v: numberOf(value.getTime()) };
    if (value instanceof RegExp) return { $: 'regexp', v: [value.source, value.flags] };
    if (value instanceof Map) return { $: 'map', v: [...value].map(([key, each]) => [pack(key, above), pack(each, above)]) };
    if (value instanceof Set) return { $: 'set', v: [...value].map((each) => pack(each, above)) };
    if (value instanceof Error) return { $: 'error', v: [value.name, value.message] };
    if (value instanceof ArrayBuffer) return { $: 'buffer', v: bytesOf(value, 0, value.byteLength) };
    if (ArrayBuffer.isView(value)) return { $: 'bytes', v: bytesOf(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength) };
    if (value instanceof Promise || value instanceof WeakMap) return refuse();
    const fields = Object.entries(value).map(([key, each]) => [key, pack(each, above)] as const);
    return '$' in value ? { $: 'object', v: fields } : Object.fromEntries(fields);
  }

  function unpack(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(unpack);
    if (typeof value !== 'object' || value === null) return value;
    if ('$' in value) return unpackTagged(value as Tagged);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unpack(each)]));
  }

  function unpackTagged({ $: tag, v }: Tagged): unknown {
    const pairs = (): [unknown, unknown][] => (v as [unknown, unknown][]).map(([key, each]) => [unpack(key), unpack(each)]);
    const text = String(v);
    if (tag === 'number') return Number(text);
    if (tag === 'bigint') return BigInt(text);
    if (tag === 'date') return new Date(unpack(v) as number);
    if (tag === 'regexp') return new RegExp((v as string[])[0] ?? '', (v as string[])[1]);
    if (tag === 'map') return new Map(pairs());
    if (tag === 'set') return new Set((v as unknown[]).map(unpack));
    if (tag === 'buffer') return bufferOf(text);
    if (tag === 'bytes') return new Uint8Array(bufferOf(text));
    if (tag === 'object') return Object.fromEntries(pairs().map(([key, each]) => [String(key), each]));
    if (tag === 'error') return Object.assign(new Error((v as string[])[1]), { name: (v as string[])[0] });
    return undefined;
  }

  return { encode: (value) => JSON.stringify(pack(value, [])), decode: (text) => unpack(JSON.parse(text)) };
}

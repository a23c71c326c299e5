import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { makeFixture } from '../e2e/fixture/make.ts';
import { readGguf } from './gguf.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-gguf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fixture = makeFixture();
let files = 0;

async function reasonFor(bytes: Uint8Array): Promise<string> {
  const file = join(folder, `${files++}.gguf`);
  writeFileSync(file, bytes);
  const found = await readGguf(file);
  return found.ok ? 'accepted' : found.reason;
}

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(fixture);
  change(bytes);
  return bytes;
}

test('a usable file tells its name, architecture, context and size', async () => {
  const file = join(folder, 'good.gguf');
  writeFileSync(file, fixture);
  expect(await readGguf(file)).toEqual({
    ok: true,
    name: 'Nacre fixture',
    architecture: 'llama',
    contextTokens: 8192,
    parameters: 164928,
    bytes: fixture.length,
    hasTemplate: true,
  });
});

test('what is no GGUF file is refused with the reason in words', async () => {
  const noise = Buffer.from(Array.from({ length: 2048 }, (_, at) => (at * 7919 + 13) % 256));
  expect({
    noise: await reasonFor(noise),
    empty: await reasonFor(Buffer.alloc(0)),
    short: await reasonFor(Buffer.from('GGUF')),
    html: await reasonFor(Buffer.from('<!doctype html><title>Sign in</title>')),
    folder: await readGguf(folder),
    missing: await readGguf(join(folder, 'nowhere.gguf')),
    device: await readGguf('/dev/null'),
  }).toEqual({
    noise: 'it does not begin with the letters GGUF',
    empty: 'it is empty',
    short: 'it has only 4 bytes',
    html: 'it does not begin with the letters GGUF',
    folder: { ok: false, kind: 'not-a-file', reason: 'it is a folder', bytes: 0 },
    missing: { ok: false, kind: 'missing', reason: 'it can not be read (ENOENT)', bytes: 0 },
    device: { ok: false, kind: 'not-a-file', reason: 'it is not a regular file', bytes: 0 },
  });
});

test('absurd counts and lengths are refused before anything of that size is read', async () => {
  const huge = 0xff_ff_ff_ff_ff_ff_ff_ffn;
  expect({
    version: await reasonFor(changed((bytes) => bytes.writeUInt32LE(9, 4))),
    tensors: await reasonFor(changed((bytes) => bytes.writeBigUInt64LE(huge, 8))),
    noTensors: await reasonFor(changed((bytes) => bytes.writeBigUInt64LE(0n, 8))),
    properties: await reasonFor(changed((bytes) => bytes.writeBigUInt64LE(huge, 16))),
    key: await reasonFor(changed((bytes) => bytes.writeBigUInt64LE(huge, 24))),
    type: await reasonFor(changed((bytes) => bytes.writeUInt32LE(77, 24 + 8 + 'general.architecture'.length))),
  }).toEqual({
    version: 'its format version is 9; versions 2 and 3 are known',
    tensors: 'it claims a number of tensors of 18446744073709551615; at most 100000 is believable',
    noTensors: 'it holds no tensors',
    properties: 'it claims a number of properties of 18446744073709551615; at most 10000 is believable',
    key: 'it claims a property name with a length of 18446744073709551615; at most 65535 is believable',
    type: 'it uses the unknown value type 77',
  });
});

test('a tensor that would begin or end outside the file is refused by its name', async () => {
  const at = fixture.indexOf('token_embd.weight') + 'token_embd.weight'.length;
  const [dimension, offset] = [at + 4, at + 4 + 16 + 4];
  expect({
    dimensions: await reasonFor(changed((bytes) => bytes.writeUInt32LE(40, at))),
    values: await reasonFor(changed((bytes) => bytes.writeBigUInt64LE(0n, dimension))),
    size: (await reasonFor(changed((bytes) => bytes.writeBigUInt64LE(1n << 30n, dimension)))).replace(/byte \d+/, 'byte N'),
    offset: (await reasonFor(changed((bytes) => bytes.writeBigUInt64LE(1n << 40n, offset)))).replace(/byte \d+/, 'byte N'),
    odd: await reasonFor(changed((bytes) => bytes.writeBigUInt64LE(3n, offset))),
  }).toEqual({
    dimensions: 'its tensor "token_embd.weight" has 40 dimensions; at most 4 are believable',
    values: 'its tensor "token_embd.weight" has 0 values',
    size: `it is cut off: its tensor "token_embd.weight" would end at byte N, and it has ${fixture.length}`,
    offset: `it is cut off: its tensor "token_embd.weight" would end at byte N, and it has ${fixture.length}`,
    odd: 'its tensor "token_embd.weight" begins at an odd place',
  });
});

test('a file cut off anywhere is refused', async () => {
  for (const kept of [23, 24, 100, 1000, 5000, 20_000, 40_000, fixture.length >> 1, fixture.length - 1]) {
    expect(await reasonFor(fixture.subarray(0, kept))).toMatch(/ends in the middle of its header|is cut off|only \d+ bytes/);
  }
});

test('damage anywhere in the header is either refused or harmless, and never throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 40_000 }), fc.uint8Array({ minLength: 1, maxLength: 16 }), async (at, noise) => {
      expect(typeof (await reasonFor(changed((bytes) => bytes.set(noise, at))))).toBe('string');
    }),
    { numRuns: 150 },
  );
});

test('a vision adapter or a model without a tokenizer is named for what it is', async () => {
  const renamed = (from: string, to: string) => changed((bytes) => bytes.write(to, bytes.indexOf(from), 'latin1'));
  expect({
    tokenizer: await reasonFor(renamed('tokenizer.ggml.model', 'tokenizer.ggml.mudel')),
    architecture: await reasonFor(renamed('general.architecture', 'general.architectura')),
    context: await reasonFor(renamed('llama.context_length', 'llama.context_lengty')),
  }).toEqual({
    tokenizer: 'it has no tokenizer',
    architecture: 'it does not say which architecture it has',
    context: 'it does not say how many tokens of context it reads',
  });
});

import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createClone } from './clone.ts';

const { encode, decode } = createClone();
const across = (value: unknown): unknown => decode(encode(value));

test.each([
  [undefined],
  [null],
  ['text \u0000 \ud83d\ude00 ‮'],
  [[1, -0, Number.NaN, Number.POSITIVE_INFINITY, 12n]],
  [{ a: { b: undefined }, $: 'a field of that name' }],
  [new Date(0)],
  [new Date(Number.NaN)],
  [/a+/gi],
  [new Map<unknown, unknown>([[{ k: 1 }, new Set([1, 'two'])]])],
  [new Uint8Array([0, 127, 255])],
])('a value crosses as it is: %o', (value) => {
  expect(across(value)).toEqual(value);
});

test('an error crosses with its name and message', () => {
  expect(across(new TypeError('no'))).toEqual(Object.assign(new Error('no'), { name: 'TypeError' }));
});

test.each([[() => 1], [Symbol('s')], [Promise.resolve()], [{ deep: [() => 1] }]])('a live thing is refused as Electron refuses it', (value) => {
  expect(() => encode(value)).toThrow('An object could not be cloned.');
});

test('an object that holds itself is refused', () => {
  const knot: { self?: unknown } = {};
  knot.self = knot;
  expect(() => encode(knot)).toThrow('An object could not be cloned.');
});

test('it runs from its source alone, as it does inside a page', () => {
  const text = runInNewContext(`(${createClone.toString()})().encode({ a: new Map([[1, undefined]]) })`) as string;
  expect(decode(text)).toEqual({ a: new Map([[1, undefined]]) });
});

import { expect, test } from 'vitest';
import { directionOf } from './direction.ts';

test('the first letter says which way a text runs, whatever stands before it', () => {
  const texts = ['Hello', '1. مرحبا Hello', '“שלום”', '你好 שלום', '12 %', ''];
  expect(texts.map(directionOf)).toEqual(['ltr', 'rtl', 'rtl', 'ltr', undefined, undefined]);
});

import { describe, expect, it } from 'vitest';
import { findCircle, sayCircle } from './order.ts';

const awaited = (links: Readonly<Record<number, number>>) => (task: number) => links[task] ?? null;

describe('tasks that wait for each other', () => {
  it('a chain that ends is none', () => {
    expect(findCircle(1, 2, awaited({ 2: 3, 3: 4 }))).toBeNull();
    expect(findCircle(null, 2, awaited({ 2: 3 }))).toBeNull();
  });

  it('a circle is named in the order of waiting', () => {
    expect(findCircle(1, 2, awaited({ 2: 3, 3: 1 }))).toEqual([1, 2, 3]);
    expect(sayCircle([1, 2, 3])).toBe('t1 waits for t2, t2 waits for t3, t3 waits for t1: none of them would ever start.');
  });

  it('a task that waits for itself is one', () => {
    expect(findCircle(1, 1, awaited({}))).toEqual([1]);
    expect(sayCircle([1])).toBe('t1 would wait for itself and never start.');
  });

  it('a circle that is there already ends the search', () => {
    expect(findCircle(1, 2, awaited({ 2: 3, 3: 2 }))).toEqual([2, 3]);
  });
});

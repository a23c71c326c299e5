import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBounds, writeBounds } from './bounds.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const usual = { width: 1080, height: 740, maximized: false };
let folder = '';
const file = (): string => join(folder, 'window.json');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nacre-bounds-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a window comes back where it was, and as large', () => {
  const kept = { x: 40, y: 60, width: 900, height: 700, maximized: true };
  writeBounds(file(), kept);
  expect(readBounds(file(), [screen])).toEqual(kept);
});

test('a window that was on a screen which is gone comes back in its size, on a screen that is there', () => {
  writeBounds(file(), { x: 3000, y: 60, width: 900, height: 700, maximized: false });
  expect(readBounds(file(), [screen])).toEqual({ width: 900, height: 700, maximized: false });
});

test.each(['', '{', '[]', '{"width": "wide"}', '{"width": -5, "height": 1e9}', 'null'])('a file that holds %s means the usual size', (content) => {
  writeFileSync(file(), content);
  expect(readBounds(file(), [screen])).toEqual(usual);
});

test('without a file the window has the usual size', () => {
  expect(readBounds(file(), [screen])).toEqual(usual);
});

test('a window whose place can not be written goes on without it', () => {
  expect(() => writeBounds(join(folder, 'gone', 'window.json'), usual)).not.toThrow();
});

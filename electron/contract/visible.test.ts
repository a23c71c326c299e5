import { describe, expect, test } from 'vitest';
import { visiblePieces } from './visible.ts';

const hiddenIn = (text: string) => visiblePieces(text).flatMap((piece) => (piece.hidden === null ? [] : [piece.hidden]));

describe('what a person is asked to approve', () => {
  test('shows marks that turn the direction of text', () => {
    expect(hiddenIn('rm \u202Efdp.\u2066x\u2069')).toEqual(['U+202E', 'U+2066', 'U+2069']);
  });

  test('shows characters of no width, fillers and odd spaces', () => {
    expect(hiddenIn('a\u200Bb\u200Dc\uFEFFd\u3164e\u00A0f\u00ADg\u2800')).toEqual(['ZWSP', 'ZWJ', 'BOM', 'U+3164', 'NBSP', 'U+00AD', 'U+2800']);
  });

  test('shows control characters, but tabs and line feeds are plain', () => {
    expect(hiddenIn('a\tb\nc\0d\u001B[31me\rf\u007F')).toEqual(['NUL', 'ESC', 'CR', 'DEL']);
  });

  test('shows invisible tags, variation selectors and lone surrogates', () => {
    expect(hiddenIn('a\u{E0041}b\uFE0Fc\uD800d\u{E0100}')).toEqual(['U+E0041', 'U+FE0F', 'U+D800', 'U+E0100']);
  });

  test('leaves every script and plain emoji as they are', () => {
    for (const text of ['发票　九月', 'שלום', 'مرحبا', 'Ünïcödé', '🎉', 'नमस्ते']) expect(hiddenIn(text)).toEqual([]);
  });

  test('gives the text back whole when its pieces are joined', () => {
    const text = '\u202Ea\tb\u200B\nc\0';
    expect(
      visiblePieces(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  test('is nothing for nothing', () => {
    expect(visiblePieces('')).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSplitter, split } from './blocks.ts';

const texts = (markdown: string) => split(markdown).map((block) => block.text);

describe('blocks of an answer', () => {
  test('are paragraphs, lists as a whole, and code as a whole', () => {
    expect(texts('One\nstill one\n\n- a\n\n- b\n\n  more of b\n\n```js\nx\n\ny\n```\n\nEnd')).toEqual([
      'One\nstill one\n\n',
      '- a\n\n- b\n\n  more of b\n\n',
      '```js\nx\n\ny\n```\n\n',
      'End',
    ]);
  });

  test('keep formulas of several lines together', () => {
    expect(texts('$$\na\n\nb\n$$\n\nEnd')).toEqual(['$$\na\n\nb\n$$\n\n', 'End']);
  });

  test('say when code has not ended yet', () => {
    expect(split('Text\n\n```py\nx = 1\n\ny')).toEqual([
      { text: 'Text\n\n', open: false },
      { text: '```py\nx = 1\n\ny', open: true },
    ]);
  });

  test('end code only at a fence of the same kind that is as long', () => {
    expect(split('````\n```\n\nstill\n````\n\nEnd').map((block) => block.open)).toEqual([false, false]);
    expect(split('~~~\n```\n\nstill').map((block) => block.open)).toEqual([true]);
  });

  test('lose and invent nothing', () => {
    const line = fc.constantFrom('', 'text', '- item', '1. item', '  indented', '```', '```js', '~~~', '$$', '| a | b |', '> quote', '# head', '中文');
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.join('\n');
        expect(texts(text).join('')).toBe(text);
      }),
    );
  });

  test('are the same however the text arrived, to the character', () => {
    const line = fc.constantFrom('', 'text', '- item', '  indented', '```', '```js', '$$', '> quote');
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 7 }), (lines, step) => {
        const text = lines.join('\n');
        const grow = createSplitter();
        for (let length = 0; length < text.length; length += step) grow(text.slice(0, length));
        expect(grow(text)).toEqual(split(text));
      }),
    );
  });

  test('are read anew when a step was withdrawn', () => {
    const grow = createSplitter();
    grow('One\n\nTwo\n\nThree');
    expect(grow('Other\n\nText').map((block) => block.text)).toEqual(['Other\n\n', 'Text']);
  });
});

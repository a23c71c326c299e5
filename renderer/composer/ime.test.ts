import { describe, expect, test } from 'vitest';
import { composerKey } from './ime.ts';

const key = (name: string, more: Partial<Parameters<typeof composerKey>[0]> = {}) => ({
  key: name,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 13,
  ...more,
});

describe('a key in the composer', () => {
  test('Enter sends, and with Shift makes a new line', () => {
    expect([composerKey(key('Enter'), 'hi'), composerKey(key('Enter', { shiftKey: true }), 'hi')]).toEqual(['send', 'type']);
  });

  test('Enter belongs to the input method while it composes, also when only the key code says so', () => {
    expect([composerKey(key('Enter', { isComposing: true }), '你'), composerKey(key('Enter', { keyCode: 229 }), '你')]).toEqual(['type', 'type']);
  });

  test('Control or Command with Shift and Enter hands the work to the background, but not while composing', () => {
    const both = { shiftKey: true, ctrlKey: true };
    const keys = [key('Enter', both), key('Enter', { shiftKey: true, metaKey: true }), key('Enter', { ...both, isComposing: true })];
    expect(keys.map((each) => composerKey(each, 'hi'))).toEqual(['background', 'background', 'type']);
  });

  test('the up arrow edits the last message only in an empty box', () => {
    expect([composerKey(key('ArrowUp', { keyCode: 38 }), ''), composerKey(key('ArrowUp', { keyCode: 38 }), 'hi')]).toEqual(['edit-last', 'type']);
  });
});

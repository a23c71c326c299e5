// Tells a key that belongs to an input method (Chinese, Japanese, Korean …) from one meant for the window.

/** 229 is what a key reports while an input method holds it; some report it after composition was declared over. */
export function isComposing(event: Pick<Key, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** What a key does in the composer. */
export type ComposerKey = 'send' | 'background' | 'edit-last' | 'type';

type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'keyCode'>;

export function composerKey(event: Key, text: string): ComposerKey {
  if (isComposing(event)) return 'type';
  if (event.key === 'Enter' && event.shiftKey && (event.ctrlKey || event.metaKey)) return 'background';
  if (event.key === 'Enter' && !event.shiftKey && !event.altKey) return 'send';
  if (event.key === 'ArrowUp' && text === '' && !event.shiftKey && !event.altKey) return 'edit-last';
  return 'type';
}

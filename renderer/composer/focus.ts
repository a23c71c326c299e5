// Takes the keyboard back to where one writes.

export function focusComposer(): void {
  document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus();
}

/** For after the focused thing went away. */
export function focusComposerIfLost(): void {
  if (document.activeElement === document.body) focusComposer();
}

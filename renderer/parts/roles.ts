// What assistive technology is told about things that are no controls.

/** For boxes that scroll: the keyboard must be able to reach them, and a screen reader takes each for one named thing. */
export function reachable(label: string) {
  return { role: 'group', tabIndex: 0, 'aria-label': label } as const;
}

/** For what repeats in signs what the name next to it says. */
export const silent = { 'aria-hidden': true } as const;

// For boxes that scroll: the keyboard must be able to reach them, and a screen reader takes each for one thing.
export const reachable = { role: 'group', tabIndex: 0 } as const;

// What the elements of an answer get, whatever the model wrote: a direction, and headings that fit under the conversation's title.
import type { Tree } from './literal.ts';

interface Element extends Tree {
  tagName?: string;
  properties?: Record<string, string | number | string[] | undefined>;
  children?: Element[] | undefined;
}

/** They run each by its own first letter, as does every block as a whole; what is deeper in it runs as the block does. */
const cells = new Set(['th', 'td']);

/** For rehype. */
export function placeElements(): (tree: Element) => void {
  return (tree) => {
    for (const block of tree.children ?? []) place(block, true);
  };
}

function place(element: Element, isBlock: boolean): void {
  const { tagName = '', properties = {}, children = [] } = element;
  const level = /^h([1-6])$/.exec(tagName)?.[1];
  if (isBlock || cells.has(tagName)) properties['dir'] = 'auto';
  // A footnote: the link to it takes the keyboard there.
  if (tagName === 'li' && properties['id'] !== undefined) properties['tabIndex'] = -1;
  if (properties['id'] === 'footnote-label') Object.assign(element, { tagName: 'p', properties: { className: ['unseen'] } });
  else if (level !== undefined) Object.assign(element, { tagName: 'h2', properties: { dataLevel: Math.min(Number(level), 4), dir: 'auto' } });
  for (const child of children) place(child, false);
}

// What the elements of an answer get, whatever the model wrote: a direction, and headings that fit under the conversation's title.
import { directionOf } from './direction.ts';
import { type Tree, wordsOf } from './literal.ts';

interface Element extends Tree {
  tagName?: string;
  properties?: Record<string, string | number | string[] | undefined>;
  children?: Element[] | undefined;
}

const lines = new Set(['p', 'th', 'td']);
/** What `auto` can't tell: it would leave their own paragraphs out of account. */
const frames = new Set(['ul', 'ol', 'li', 'blockquote', 'table']);

/** For rehype. */
export function placeElements(): (tree: Element) => void {
  return place;
}

function place(element: Element): void {
  const { tagName = '', properties = {}, children = [] } = element;
  const level = /^h([1-6])$/.exec(tagName)?.[1];
  if (lines.has(tagName)) properties['dir'] = 'auto';
  if (frames.has(tagName)) properties['dir'] = directionOf(wordsOf(element));
  // A footnote: the link to it takes the keyboard there.
  if (tagName === 'li' && properties['id'] !== undefined) properties['tabIndex'] = -1;
  if (properties['id'] === 'footnote-label') Object.assign(element, { tagName: 'p', properties: { className: ['unseen'] } });
  else if (level !== undefined) Object.assign(element, { tagName: 'h2', properties: { dataLevel: Math.min(Number(level), 4), dir: 'auto' } });
  for (const child of children) place(child);
}

// HTML in an answer is text: it is shown letter by letter, never drawn and never dropped.

/** As much of a syntax tree as is needed here, whether of Markdown or of what it becomes. */
export interface Tree {
  type: string;
  value?: unknown;
  children?: Tree[] | undefined;
}

const paragraphs = new Set(['root', 'blockquote', 'listItem', 'footnoteDefinition']);

/** For remark: a tag within a sentence becomes text, a block of tags a paragraph that keeps its lines. */
export function literalHtml(): (tree: Tree) => void {
  return change;
}

function change(tree: Tree): void {
  // A leaf must not get children, not even undefined ones: whoever looks for the name would take it for a parent.
  if (tree.children === undefined) return;
  tree.children = tree.children.map((child) => {
    change(child);
    if (child.type !== 'html') return child;
    const text: Tree = { type: 'text', value: child.value };
    return paragraphs.has(tree.type) ? { type: 'paragraph', children: linesOf(String(child.value)) } : text;
  });
}

function linesOf(value: string): Tree[] {
  return value.split('\n').flatMap((line, index): Tree[] => [...(index === 0 ? [] : [{ type: 'break' }]), { type: 'text', value: line }]);
}

/** The first words of the tree, enough to tell its direction. */
export function wordsOf(tree: Tree): string {
  if (typeof tree.value === 'string') return tree.value;
  let words = '';
  for (const child of tree.children ?? []) {
    words += wordsOf(child);
    if (/\p{L}/u.test(words)) break;
  }
  return words;
}

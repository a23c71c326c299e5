// Cuts Markdown into blocks that can be drawn on their own, so that a growing answer redraws only its last one.

export interface Block {
  readonly text: string;
  /** A code block whose end has not come yet. */
  readonly open: boolean;
}

interface Fence {
  readonly mark: string;
  readonly length: number;
}

/** A line that continues the block before it although a blank line came between: it is indented, or it is a list item after a list. */
const indented = /^( {2,}|\t)\S/;
const listItem = /^ {0,3}([-*+]|\d{1,9}[.)])(\s|$)/;
const codeFence = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const mathFence = /^ {0,3}\$\$/;

/**
 * Returns a function to be called with the same text as it grows. Each call reads on from the start of the last block,
 * so the work for a whole answer is in proportion to its length. Text that did not grow but changed is read anew.
 */
export function createSplitter(): (text: string) => readonly Block[] {
  let before = '';
  let blocks: readonly Block[] = [];
  return (text) => {
    if (text === before) return blocks;
    const settled = text.startsWith(before) ? blocks.slice(0, -1) : [];
    const from = settled.reduce((length, block) => length + block.text.length, 0);
    before = text;
    blocks = [...settled, ...split(text.slice(from))];
    return blocks;
  };
}

/** The blocks joined give the text again, to the character. */
export function split(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let start = 0;
  let at = 0;
  let afterBlank = false;
  let isList = false;
  let fence: Fence | null = null;
  for (const line of text.split(/(?<=\n)/)) {
    const bare = line.replace(/\r?\n$/, '');
    const begins = fence === null && at > start && afterBlank && bare.trim() !== '' && !indented.test(bare) && !(isList && listItem.test(bare));
    if (begins) {
      blocks.push({ text: text.slice(start, at), open: false });
      start = at;
    }
    if (at === start) isList = listItem.test(bare);
    fence = nextFence(fence, bare);
    afterBlank = bare.trim() === '';
    at += line.length;
  }
  if (at > start) blocks.push({ text: text.slice(start), open: fence !== null && fence.mark !== '$' });
  return blocks;
}

function nextFence(fence: Fence | null, line: string): Fence | null {
  if (fence?.mark === '$') return line.trimEnd().endsWith('$$') ? null : fence;
  const match = codeFence.exec(line.replace(/^\s+/, ''));
  const run = match?.[1];
  if (fence !== null) return run?.[0] === fence.mark && run.length >= fence.length && match?.[2]?.trim() === '' ? null : fence;
  if (run !== undefined) return { mark: run.charAt(0), length: run.length };
  return mathFence.test(line) && line.indexOf('$$', line.indexOf('$$') + 2) === -1 ? { mark: '$', length: 2 } : null;
}

// Draws Markdown as it grows: finished blocks are drawn once, HTML is shown as it was written, pictures never from the network.
import { memo, type ReactNode, useId, useMemo, useState } from 'react';
import ReactMarkdown, { type Components, type Options } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import { reachable } from '../parts/roles.ts';
import { useTexts } from '../texts/texts.ts';
import { Anchor } from './anchor.tsx';
import { type Block, createSplitter } from './blocks.ts';
import { Code } from './code.tsx';
import { placeElements } from './elements.ts';
import { Formula } from './formula.tsx';
import { prepareFormulas } from './formulas.ts';
import { literalHtml } from './literal.ts';

const plugins: NonNullable<Options['remarkPlugins']> = [remarkGfm, remarkMath, literalHtml];
const placing: NonNullable<Options['rehypePlugins']> = [placeElements];
const definition = /^ {0,3}\[[^\]\n]+\]:[^\n]+$/gm;

export function Markdown({ text, streaming }: { readonly text: string; readonly streaming: boolean }) {
  const [split] = useState(createSplitter);
  const blocks = split(text);
  // A reference may be defined in another block; while streaming that is not worth looking for.
  const definitions = useMemo(() => (streaming ? '' : (text.match(definition) ?? []).join('\n')), [text, streaming]);
  return (
    <div className="markdown" data-streaming={streaming || undefined}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever added at the end
        <DrawnBlock key={index} text={block.text} open={block.open && streaming} definitions={block.text.includes('[') ? definitions : ''} />
      ))}
    </div>
  );
}

const DrawnBlock = memo(function DrawnBlock({ text, open, definitions }: Block & { readonly definitions: string }) {
  const { say } = useTexts();
  const id = useId();
  const whole = prepareFormulas(text);
  // Every block has its own footnotes, so their names must not meet.
  const footnotes = {
    clobberPrefix: `${id}-`,
    footnoteLabel: say('markdown.footnotes'),
    footnoteBackLabel: (index: number) => say('markdown.footnoteBack', { number: index + 1 }),
  };
  return (
    <ReactMarkdown remarkPlugins={plugins} rehypePlugins={placing} remarkRehypeOptions={footnotes} components={open ? growing : settled}>
      {definitions === '' ? whole : `${whole}\n\n${definitions}`}
    </ReactMarkdown>
  );
});

function textOf(node: ReactNode): string {
  if (typeof node === 'string') return node;
  return Array.isArray(node) ? node.map(textOf).join('') : '';
}

/** Code still being written is shown plain, and coloured once it is complete. */
const partsOf = (isSettled: boolean): Components => ({
  a: ({ href, id, children, 'aria-label': label }) => (
    <Anchor href={href ?? ''} id={id} label={label}>
      {children}
    </Anchor>
  ),
  img: ({ src, alt }) => <Picture source={typeof src === 'string' ? src : ''} name={alt ?? ''} />,
  pre: ({ children }) => children,
  input: ({ checked }) => <Done checked={checked === true} />,
  table: ({ children, dir }) => <WideTable dir={dir}>{children}</WideTable>,
  code({ className = '', children, node }) {
    const text = textOf(children);
    if (className.includes('math-display')) return <Formula source={text} display />;
    if (className.includes('math-inline')) return <Formula source={text} display={false} />;
    const isBlock = className !== '' || (node?.position !== undefined && node.position.start.line !== node.position.end.line);
    return isBlock ? (
      <Code text={text.replace(/\n$/, '')} language={/language-(\S+)/.exec(className)?.[1] ?? ''} settled={isSettled} />
    ) : (
      <code>{children}</code>
    );
  },
});
const settled = partsOf(true);
const growing = partsOf(false);

function Done({ checked }: { readonly checked: boolean }) {
  const { say } = useTexts();
  return <input type="checkbox" checked={checked} disabled aria-label={say(checked ? 'markdown.checked' : 'markdown.unchecked')} />;
}

/** The network is never asked for a picture; the person may open it. */
function Picture({ source, name }: { readonly source: string; readonly name: string }) {
  const { say } = useTexts();
  return <Anchor href={source}>{say('markdown.picture', { name: name || source })}</Anchor>;
}

function WideTable({ children, dir }: { readonly children: ReactNode; readonly dir: string | undefined }) {
  const { say } = useTexts();
  return (
    <div {...reachable(say('markdown.table'))} className="table-frame">
      <table dir={dir}>{children}</table>
    </div>
  );
}

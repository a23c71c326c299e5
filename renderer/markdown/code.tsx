// A block of code with its language, colours, and a button that copies it.
import { toJsxRuntime } from 'hast-util-to-jsx-runtime';
import { common, createLowlight } from 'lowlight';
import { memo, useMemo } from 'react';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import { CopyButton } from '../parts/copy.tsx';
import { reachable } from '../parts/roles.ts';
import { useTexts } from '../texts/texts.ts';

const lowlight = createLowlight(common);
/** Colouring longer code would be felt; it stays plain. */
const longest = 60_000;

export const Code = memo(function Code({ text, language, settled }: { readonly text: string; readonly language: string; readonly settled: boolean }) {
  const { say } = useTexts();
  const tree = useMemo(() => (settled ? colour(text, language) : null), [text, language, settled]);
  return (
    <figure className="code">
      <figcaption>
        <span translate="no">{language || 'text'}</span>
        <CopyButton text={text} label={say('markdown.copyCode')} />
      </figcaption>
      <pre {...reachable(say('markdown.code', { language: language || 'text' }))}>
        <code>{tree === null ? text : toJsxRuntime(tree, { Fragment, jsx, jsxs })}</code>
      </pre>
    </figure>
  );
});

function colour(text: string, language: string): ReturnType<typeof lowlight.highlight> | null {
  return language !== '' && lowlight.registered(language) && text.length < longest ? lowlight.highlight(language, text) : null;
}

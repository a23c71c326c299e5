import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import remarkMath from 'remark-math';
import { expect, test } from 'vitest';
import { literalHtml } from './literal.ts';

const drawn = (text: string) => renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins: [literalHtml] }, text));

test('tags within a sentence are shown as they were written', () => {
  expect(drawn('A List<String>, a std::vector<int>, **press <Enter>**')).toBe(
    '<p>A List&lt;String&gt;, a std::vector&lt;int&gt;, <strong>press &lt;Enter&gt;</strong></p>',
  );
});

test('a block of HTML is shown line by line, never drawn and never dropped', () => {
  expect(drawn('<div onclick="x()">\n<script>y()</script>\n</div>')).toBe(
    '<p>&lt;div onclick=&quot;x()&quot;&gt;<br/>\n&lt;script&gt;y()&lt;/script&gt;<br/>\n&lt;/div&gt;</p>',
  );
});

test('formulas beside tags stay formulas', () => {
  const both = renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins: [remarkMath, literalHtml] }, '<b> $x$'));
  expect(both).toBe('<p>&lt;b&gt; <code class="language-math math-inline">x</code></p>');
});

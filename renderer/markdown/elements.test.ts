import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { expect, test } from 'vitest';
import { placeElements } from './elements.ts';

const drawn = (text: string) => renderToStaticMarkup(createElement(ReactMarkdown, { remarkPlugins: [remarkGfm], rehypePlugins: [placeElements] }, text));

test('every block and every cell of a table runs by its own first letter, and what is in a block as the block does', () => {
  expect(drawn('مرحبا\n\n- عنصر\n\n  ثان')).toBe('<p dir="auto">مرحبا</p>\n<ul dir="auto">\n<li>\n<p>عنصر</p>\n<p>ثان</p>\n</li>\n</ul>');
  expect(drawn('| a |\n|---|\n| ب |').match(/<\w+ dir="auto"/g)).toEqual(['<table dir="auto"', '<th dir="auto"', '<td dir="auto"']);
});

test('headings stand under the title of the conversation, whatever their level', () => {
  expect(drawn('# One\n\n###### Six')).toBe('<h2 data-level="1" dir="auto">One</h2>\n<h2 data-level="4" dir="auto">Six</h2>');
});

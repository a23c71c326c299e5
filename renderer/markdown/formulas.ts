// Prepares the formulas in a block of Markdown: models write them in several ways, and sums of money are not formulas.

const code = /(`+)[^`][\s\S]*?\1|^ {0,3}(?:`{3,}|~{3,})[\s\S]*/gm;
/** As Pandoc has it: no space after the first dollar or before the second, and no digit after the second. */
const formulaOrDollar = /(\\\$)|(\$\$[\s\S]*?\$\$)|\$(?![\s$])((?:[^$\n\\]|\\.)*?(?:[^\s$\\]|\\.))\$(?![\d$])|(\$)/g;

/** Turns `\(…\)` and `\[…\]` into dollars, and escapes dollars that open no formula. Code stays as it is. */
export function prepareFormulas(block: string): string {
  let result = '';
  let from = 0;
  for (const match of block.matchAll(code)) {
    result += prepareProse(block.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return result + prepareProse(block.slice(from));
}

function prepareProse(text: string): string {
  if (!/[$\\]/.test(text)) return text;
  return text
    .replace(/\\\[([\s\S]+?)\\\]/g, (_, formula: string) => ['', '$$', formula.trim(), '$$', ''].join('\n'))
    .replace(/^[ \t]*\$\$([^$\n]+)\$\$[ \t]*$/gm, (_, formula: string) => ['$$', formula.trim(), '$$'].join('\n'))
    .replace(/\\\(([^\n]+?)\\\)/g, (_, formula: string) => `$${formula.trim()}$`)
    .replace(formulaOrDollar, (whole, _escaped, _display, _inline, lone: string | undefined) => (lone === undefined ? whole : '\\$'));
}

// Adds up a column of a table that came as comma-separated text.

export type Added =
  | { readonly type: 'added'; readonly sum: number; readonly rows: number }
  /** Part of the file is missing, so that no figure would be true. */
  | { readonly type: 'long' }
  | { readonly type: 'no-column'; readonly columns: readonly string[] };

/** Of `column`, or, where that is null, only the rows are counted. The first line is the heading. */
export function addUp(text: string, column: string | null): Added {
  if (/^\[[^\n]*(lines?|bytes|shown|from:)[^\n]*\]$/m.test(text)) return { type: 'long' };
  const [heading = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const separator = [',', ';', '\t'].find((sign) => heading.includes(sign)) ?? ',';
  const columns = cells(heading, separator);
  const at = column === null ? -1 : columns.findIndex((name) => name.toLowerCase() === column.trim().toLowerCase());
  if (column !== null && at < 0) return { type: 'no-column', columns };
  const values = column === null ? [] : lines.map((line) => Number((cells(line, separator)[at] ?? '').replace(/[^\d.-]/g, '')));
  return { type: 'added', rows: lines.length, sum: Number(values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0).toPrecision(12)) };
}

/** Separators inside quotes belong to the text. */
function cells(line: string, separator: string): string[] {
  const each = new RegExp(`(?:^|${separator})("(?:[^"]|"")*"|[^${separator}]*)`, 'g');
  return [...line.matchAll(each)].map(([, cell = '']) => cell.replace(/^"|"$/g, '').trim());
}

// Figures are worked out by code, from the words that were copied.
import { expect, it } from 'vitest';
import { convert, reckon } from './reckon.ts';
import { addUp } from './table.ts';

it.each([
  ['12 * 7', 84],
  ['15% of 80', 12],
  ['129 plus 48 minus 12', 165],
  ['1024 divided by 16', 64],
  ['(3+4)*5.5', 38.5],
  ['20 percent of 350', 70],
  ['2 + 3 * 4', 14],
  ['0.1 + 0.2', 0.3],
  ['200 minus 10%', 180],
  ['9 squared', 81],
  ['12乘以7', 84],
  ['80的15%', 12],
  ['129加48减12', 165],
  ['350的百分之二十', 70],
  ['17×23', 391],
  ['-3 + 5', 2],
])('%s is %d', (words, value) => expect(reckon(words)).toBe(value));

it.each(['1 / 0', 'two apples', '3 +', '(2', '', '2 3'])('"%s" is no sum', (words) => expect(reckon(words)).toBeNull());

it.each([
  ['5 miles', 'km', 8.04672],
  ['30 inches', 'cm', 76.2],
  ['100 fahrenheit', 'celsius', 37.7778],
  ['12 pounds', 'kilos', 5.44311],
  ['3.5 hours', 'minutes', 210],
  ['5英里', '公里', 8.04672],
  ['100华氏度', '摄氏度', 37.7778],
  ['2斤', '克', 1000],
])('%s in %s is %d', (amount, to, value) => expect(convert(amount, to)).toBe(value));

it.each([
  ['5 miles', 'kg'],
  ['5 parsecs', 'km'],
  ['miles', 'km'],
])('%s in %s is not answered', (amount, to) => expect(convert(amount, to)).toBeNull());

it('a column is added up by its heading, whatever stands in quotes', () => {
  const table = 'name,Amount\n"Miller, Jo",12.50\nLee,$3\n\nKim,\n';
  expect(addUp(table, 'amount')).toEqual({ type: 'added', sum: 15.5, rows: 3 });
  expect(addUp(table, null)).toEqual({ type: 'added', sum: 0, rows: 3 });
  expect(addUp(table, 'price')).toEqual({ type: 'no-column', columns: ['name', 'Amount'] });
});

it('no figure is given for a file that was shown only in part', () =>
  expect(addUp('a,b\n1,2\n[900 bytes left out; read on with from: 3]\n5,6', 'b')).toEqual({ type: 'long' }));

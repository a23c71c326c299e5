import { describe, expect, test } from 'vitest';
import { prepareFormulas } from './formulas.ts';

describe('formulas in an answer', () => {
  test('may be written with dollars or with brackets', () => {
    expect(prepareFormulas('so $x^2$ and \\(y_1\\) hold')).toBe('so $x^2$ and $y_1$ hold');
    expect(prepareFormulas('\\[ a + b \\]')).toBe('\n$$\na + b\n$$\n');
    expect(prepareFormulas('$$x = 1$$')).toBe('$$\nx = 1\n$$');
  });

  test('are not seen in sums of money', () => {
    expect(prepareFormulas('It costs $18 or $24 a month')).toBe('It costs \\$18 or \\$24 a month');
    expect(prepareFormulas('from $5')).toBe('from \\$5');
    expect(prepareFormulas('already \\$5')).toBe('already \\$5');
  });

  test('may begin with a number', () => {
    expect(prepareFormulas('where $12 + x = 18$, so')).toBe('where $12 + x = 18$, so');
  });

  test('are not looked for in code', () => {
    const code = 'run `echo $HOME \\(x\\)` or\n```sh\necho $PATH $HOME\n```';
    expect(prepareFormulas(code)).toBe(code);
  });
});

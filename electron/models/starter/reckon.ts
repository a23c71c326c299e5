// Sums and units, worked out in code from the words that were copied: a small model must not do figures.
import table from './units.json' with { type: 'json' };

/** By what they measure: the names of a unit, what one of it is in the first of its kind, and where its zero lies. */
const units: readonly (readonly (readonly (string | number)[])[])[] = table;

const spellings: readonly (readonly [RegExp, string])[] = [
  [/百分之([\d.]+)/g, '$1%'],
  [/(.+)的([\d.]+%)$/, '$2*$1'],
  [/([\d.]+%)的/, '$1*'],
  [/ ?per ?cent\b/g, '%'],
  [/% of /g, '%*'],
  [/ *(?:plus|and|加上?) *(?=[\d(])/g, '+'],
  [/ *(?:minus|减去?) *(?=[\d(])/g, '-'],
  [/ *(?:divided by|over|除以|÷) *(?=[\d(])/g, '/'],
  [/ *(?:times|multiplied by|x|×|乘[以上]?) *(?=[\d(])/g, '*'],
  [/half of /g, '0.5*'],
  [/ squared$|的平方$/, '^2'],
  [/[\s,]/g, ''],
];
const operators: readonly string[] = ['+-', '*/', '^'];

/** "15% of 80", "12 times 7", 350的百分之二十. Null where it is no sum that can be read. */
export function reckon(words: string): number | null {
  const plain = words
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=百分之)[一二三四五六七八九十]+/g, chinese);
  const text = spellings.reduce((rest, [pattern, sign]) => rest.replace(pattern, sign), plain);
  if (/[\d.]\s+[\d.]/.test(plain)) return null;
  const signs = text.match(/\d+(?:\.\d+)?%?|[-+*/^()]/g) ?? [];
  if (signs.join('') !== text || signs.length === 0) return null;
  const value = worth(signs, 0);
  return value !== null && signs.length === 0 && Number.isFinite(value) ? Number(value.toPrecision(12)) : null;
}

function chinese(share: string): string {
  const [tens = '', ones = ''] = share.includes('十') ? share.split('十') : ['零', share];
  const digit = (sign: string): number => Math.max(0, '零一二三四五六七八九'.indexOf(sign));
  return String((tens === '' ? 1 : digit(tens)) * 10 + (ones === '' ? 0 : digit(ones)));
}

/** Takes what it reads off the front of `signs`; what binds closer is read first. */
function worth(signs: string[], level: number): number | null {
  if (level === operators.length) return single(signs);
  let left = worth(signs, level + 1);
  while (left !== null && signs[0] !== undefined && operators[level]?.includes(signs[0]) === true) {
    const sign = signs.shift() ?? '';
    // "200 minus 10%" takes the share of what stands before it.
    const whole = level === 0 && signs[0]?.endsWith('%') === true && /^$|[-+)]/.test(signs[1] ?? '') ? left : 1;
    const right = worth(signs, level + 1);
    left = right === null ? null : applied(sign, left, right * whole);
  }
  return left;
}

function applied(sign: string, left: number, right: number): number {
  if (sign === '+' || sign === '-') return left + (sign === '+' ? right : -right);
  return sign === '*' ? left * right : sign === '/' ? left / right : left ** right;
}

function single(signs: string[]): number | null {
  const first = signs.shift() ?? '';
  if (first === '-') return applied('*', -1, single(signs) ?? Number.NaN);
  if (first !== '(') return /^\d/.test(first) ? Number.parseFloat(first) / (first.endsWith('%') ? 100 : 1) : null;
  const inside = worth(signs, 0);
  return signs.shift() === ')' ? inside : null;
}

/** "5 miles" in "km". Null where a unit is unknown or they measure different things. */
export function convert(amount: string, to: string): number | null {
  const [, value = '', name = ''] = /^(-?\d+(?:\.\d+)?) *(.+)$/.exec(amount.normalize('NFKC').trim().toLowerCase()) ?? [];
  const wanted = to.trim().toLowerCase();
  for (const kind of units) {
    const [from, into] = [name, wanted].map((text) => kind.find(([names]) => new RegExp(`^(${names})$`).test(text)));
    if (from === undefined || into === undefined) continue;
    const [size, zero, intoSize, intoZero] = [from[1], from[2] ?? 0, into[1], into[2] ?? 0].map(Number) as [number, number, number, number];
    return Number(((Number(value) * size + zero - intoZero) / intoSize).toPrecision(6));
  }
  return null;
}

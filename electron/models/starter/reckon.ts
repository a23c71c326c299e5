// Sums and units, worked out in code from the words that were copied: a small model must not do figures.

/** "15% of 80", "12 times 7", 350的百分之二十. Null where it is no sum that can be read. */
export function reckon(words: string): number | null {
  const text = words
    .normalize('NFKC')
    .toLowerCase()
    .replace(/百分之([\d.]+|[一二三四五六七八九十]+)/g, (_, share: string) => `${chinese(share)}%`)
    .replace(/(.+)的([\d.]+%)$/, '$2*$1')
    .replace(/([\d.]+%)的/, '$1*')
    .replace(/ ?(?:percent|per cent)\b/g, '%')
    .replace(/(?<=[\d)%]) *(?:plus|and|加上?) *(?=[\d(])/g, '+')
    .replace(/(?<=[\d)%]) *(?:minus|减去?) *(?=[\d(])/g, '-')
    .replace(/(?<=[\d)%]) *(?:divided by|over|除以|÷) *(?=[\d(])/g, '/')
    .replace(/(?<=[\d)%]) *(?:times|multiplied by|x|×|乘以|乘上|乘) *(?=[\d(])/g, '*')
    .replace(/% of /g, '%*')
    .replace(/half of /g, '0.5*')
    .replace(/ squared$|的平方$/, '^2')
    .replace(/[\s,]/g, '');
  const signs = text.match(/\d+(?:\.\d+)?%?|[-+*/^()]/g) ?? [];
  if (signs.join('') !== text || signs.length === 0) return null;
  const value = sum(signs);
  return value !== null && signs.length === 0 && Number.isFinite(value) ? Number(value.toPrecision(12)) : null;
}

function chinese(share: string): string {
  if (/^\d/.test(share)) return share;
  const [tens = '', ones = ''] = share.includes('十') ? share.split('十') : ['零', share];
  const digit = (sign: string, absent: number): number => (sign === '' ? absent : '零一二三四五六七八九'.indexOf(sign));
  return String(digit(tens, 1) * 10 + digit(ones, 0));
}

/** Takes what it reads off the front of `signs`. */
function sum(signs: string[]): number | null {
  let value = product(signs);
  while (value !== null && (signs[0] === '+' || signs[0] === '-')) {
    const sign = signs.shift();
    // "200 minus 10%" takes the share of what stands before it.
    const share = signs[0]?.endsWith('%') === true && (signs[1] === undefined || /[-+)]/.test(signs[1])) ? value : 1;
    const next = product(signs);
    value = next === null ? null : value + (sign === '+' ? next : -next) * share;
  }
  return value;
}

function product(signs: string[]): number | null {
  let value = factor(signs);
  while (value !== null && (signs[0] === '*' || signs[0] === '/' || signs[0] === '^')) {
    const sign = signs.shift();
    const next = factor(signs);
    value = next === null ? null : sign === '*' ? value * next : sign === '/' ? value / next : value ** next;
  }
  return value;
}

function factor(signs: string[]): number | null {
  const first = signs.shift();
  if (first === '-') return minus(factor(signs));
  if (first !== '(') return first === undefined || !/^\d/.test(first) ? null : Number.parseFloat(first) / (first.endsWith('%') ? 100 : 1);
  const inside = sum(signs);
  return signs.shift() === ')' ? inside : null;
}

function minus(value: number | null): number | null {
  return value === null ? null : -value;
}

/** Names of a unit, what one of it is in the first of its kind, and where its zero lies. */
const units: readonly (readonly (readonly [RegExp, number, number?])[])[] = [
  [
    [/^(m|met(er|re)s?|米)$/, 1],
    [/^(km|kilomet(er|re)s?|公里|千米)$/, 1000],
    [/^(cm|centimet(er|re)s?|厘米)$/, 0.01],
    [/^(mm|毫米)$/, 0.001],
    [/^(mi|miles?|英里)$/, 1609.344],
    [/^(ft|foot|feet|英尺)$/, 0.3048],
    [/^(in|inch(es)?|英寸)$/, 0.0254],
    [/^(yards?|yd|码)$/, 0.9144],
    [/^里$/, 500],
    [/^海里$/, 1852],
  ],
  [
    [/^(kg|kilos?|kilograms?|公斤|千克)$/, 1],
    [/^(g|grams?|克)$/, 0.001],
    [/^(lbs?|pounds?|磅)$/, 0.45359237],
    [/^(oz|ounces?|盎司)$/, 0.028349523125],
    [/^(t|tonnes?|吨)$/, 1000],
    [/^stone$/, 6.35029318],
    [/^斤$/, 0.5],
    [/^两$/, 0.05],
  ],
  [
    [/^(k|kelvin|开尔文)$/, 1, 0],
    [/^(°?c|(degrees )?celsius|摄氏度)$/, 1, 273.15],
    [/^(°?f|(degrees )?fahrenheit|华氏度)$/, 5 / 9, 255.3722222222222],
  ],
  [
    [/^(l|lit(er|re)s?|升)$/, 1],
    [/^(ml|millilit(er|re)s?|毫升)$/, 0.001],
    [/^(cups?|杯)$/, 0.2365882365],
    [/^(gallons?|加仑)$/, 3.785411784],
    [/^(pints?|品脱)$/, 0.473176473],
    [/^tablespoons?$/, 0.01478676478125],
    [/^teaspoons?$/, 0.00492892159375],
    [/^fl oz$/, 0.0295735295625],
  ],
  [
    [/^(s|secs?|seconds?|秒钟?)$/, 1],
    [/^(min|minutes?|分钟)$/, 60],
    [/^(h|hours?|个?小时)$/, 3600],
    [/^(days?|天)$/, 86_400],
    [/^(weeks?|周|个?星期)$/, 604_800],
  ],
  [
    [/^(bytes?|字节)$/, 1],
    [/^kb$/, 1e3],
    [/^mb$/, 1e6],
    [/^gb$/, 1e9],
    [/^tb$/, 1e12],
  ],
  [
    [/^(m\/s|米每秒)$/, 1],
    [/^(km\/h|公里每小时)$/, 1 / 3.6],
    [/^(mph|英里每小时)$/, 0.44704],
    [/^knots?$/, 1852 / 3600],
  ],
  [
    [/^(square met(er|re)s|平方米)$/, 1],
    [/^(hectares?|公顷)$/, 1e4],
    [/^(acres?|英亩)$/, 4046.8564224],
    [/^亩$/, 2000 / 3],
    [/^square feet$/, 0.09290304],
  ],
];

/** "5 miles" in "km". Null where a unit is unknown or they measure different things. */
export function convert(amount: string, to: string): number | null {
  const [, value = '', name = ''] = /^(-?\d+(?:\.\d+)?) *(.+)$/.exec(amount.normalize('NFKC').trim().toLowerCase()) ?? [];
  const wanted = to.trim().toLowerCase();
  for (const kind of units) {
    const [from, into] = [kind.find(([names]) => names.test(name)), kind.find(([names]) => names.test(wanted))];
    if (from !== undefined && into !== undefined) return Number(((Number(value) * from[1] + (from[2] ?? 0) - (into[2] ?? 0)) / into[1]).toPrecision(6));
  }
  return null;
}

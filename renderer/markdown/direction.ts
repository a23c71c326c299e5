// Which way a text runs, told by its first letter that has a direction. As `dir="auto"` does, but without reading a whole book.

const letter = /\p{L}/u;
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
/** So far is looked, in characters. */
const far = 1000;

/** Undefined where there are no letters near the start: then it runs as what is around it. */
export function directionOf(text: string): 'rtl' | 'ltr' | undefined {
  const first = letter.exec(text.slice(0, far))?.[0];
  if (first === undefined) return undefined;
  return rightToLeft.test(first) ? 'rtl' : 'ltr';
}

// Makes texts fit a number of tokens: their head and their tail stay, and what is left out is said.

/** Counts tokens of texts; see Model.countTokens. */
export type CountTokens = (texts: readonly string[]) => Promise<readonly number[]>;

export type Fitted = { readonly text: string; readonly tokens: number /** What was left to the text. */; readonly characters: number };

/** More characters than this in a token are rare (long runs of spaces); a text is cut to so many before it is first counted. */
const charactersPerToken = 16;

/**
 * The longest rendering that takes at most `most` tokens, of those tried: `render` is given how many characters of what may be cut it can use,
 * `size` at first. What it can't cut may still be too much: then `tokens` says so.
 */
export async function fitInto(render: (characters: number) => string, size: number, most: number, count: CountTokens): Promise<Fitted> {
  for (let characters = Math.min(size, Math.max(0, most) * charactersPerToken); ; ) {
    const text = render(characters);
    const [tokens = 0] = text === '' ? [0] : await count([text]);
    if (tokens <= most || characters === 0) return { text, tokens, characters };
    const next = Math.floor(Math.min(characters * 0.7, (characters * most * 0.95) / tokens));
    characters = next < 16 ? 0 : next;
  }
}

/** Head and tail of a text, so many characters together; never splits a character. */
export function cut(text: string, characters: number, how = ''): string {
  if (text.length <= characters) return text;
  const half = Math.floor(characters / 2);
  const tail = half === 0 ? '' : text.slice(-half).toWellFormed();
  return `${text.slice(0, half).toWellFormed()}\n[${text.length - 2 * half} characters left out here${how}]\n${tail}`;
}

/** The beginning of a text on one line. */
export function oneLine(text: string, characters: number): string {
  const line = text
    .slice(0, characters * 2)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= characters ? line : `${line.slice(0, characters - 1).toWellFormed()}…`;
}

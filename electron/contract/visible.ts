// Makes characters visible that would otherwise hide or rearrange what a person is asked to approve.

/** `hidden` is the code point's name, such as `U+202E`, where `text` stands for a character that can not be seen. */
type Piece = { readonly text: string; readonly hidden: string | null };

/** Control and format characters (bidi marks, zero widths, tags), lone surrogates, fillers and selectors, odd spaces. Tab and line feed pass. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00A0\u2000-\u200A\u202F\u205F\u2800]/gu;
const names: Readonly<Record<string, string>> = {
  '\0': 'NUL',
  '\r': 'CR',
  '\u001B': 'ESC',
  '\u007F': 'DEL',
  '\u00A0': 'NBSP',
  '\u200B': 'ZWSP',
  '\u200D': 'ZWJ',
  '\uFEFF': 'BOM',
};

/** The pieces in order. A variation selector or joiner inside an emoji is shown too: what is approved is bytes, not a picture. */
export function visiblePieces(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(unseen)) {
    const character = match[0];
    if (character === '\t' || character === '\n') continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), hidden: null });
    pieces.push({ text: character, hidden: nameOf(character) });
    from = match.index + character.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), hidden: null });
  return pieces;
}

function nameOf(character: string): string {
  return names[character] ?? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

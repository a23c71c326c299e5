// Finds how much of the cache a prompt can keep: where the same text was tokenised differently, what the model has already read stays as it is.
import type { LlamaModel, Token } from 'node-llama-cpp';

/** Positions in the cache that the model wrote itself, end exclusive. */
export type Span = { readonly start: number; readonly end: number };

/**
 * The tokens to use for a prompt, given those in the cache: same text as `wanted`, but beginning with as much of `cached` as says the same. Inside
 * what the model wrote, white space may differ: a template prints the JSON of a past call in its own way, the model had written it in another.
 */
export function align(cached: readonly Token[], wanted: readonly Token[], written: readonly Span[], textOf: (token: Token) => string): Token[] {
  const start = commonLength(cached, wanted);
  if (start === cached.length || start === wanted.length) return [...wanted];
  const [mine, theirs] = lastAgreement(cached, wanted, start, (at) => written.some((span) => at >= span.start && at < span.end), textOf);
  return [...cached.slice(0, mine), ...wanted.slice(theirs)];
}

/** The furthest pair of places up to which both say the same. */
function lastAgreement(
  cached: readonly Token[],
  wanted: readonly Token[],
  start: number,
  loose: (at: number) => boolean,
  textOf: (token: Token) => string,
): readonly [number, number] {
  let [mine, theirs] = [start, start];
  let [left, right] = ['', ''];
  let agreed: readonly [number, number] = [start, start];
  let since = start;
  while (left.startsWith(right) || right.startsWith(left)) {
    const fromCache = left.length <= right.length;
    const next = fromCache ? cached[mine] : wanted[theirs];
    if (next === undefined) break;
    const text = loose(fromCache ? mine : since) ? textOf(next).trim() : textOf(next);
    if (fromCache) [left, mine] = [left + text, mine + 1];
    else [right, theirs] = [right + text, theirs + 1];
    // White space alone is no agreement: the cache may hold more of it than the prompt has, and both would end up in it.
    if (left === right && text !== '') agreed = [mine, theirs];
    if (left === right) [left, right, since] = ['', '', mine];
  }
  return agreed;
}

export function commonLength(left: readonly Token[], right: readonly Token[]): number {
  const most = Math.min(left.length, right.length);
  let at = 0;
  while (at < most && left[at] === right[at]) at++;
  return at;
}

/** The text of one token; tokens that are no text of their own (control tokens, parts of a character) give a name that only they have. */
export function createTokenText(model: LlamaModel): (token: Token) => string {
  const known = new Map<Token, string>();
  // Some tokenizers drop the space of the first token; one before it prevents that.
  const before = model.tokenize('a').slice(-1);
  return (token) => {
    const found = known.get(token);
    if (found !== undefined) return found;
    const text = model.getTokenAttributes(token).control ? '' : model.detokenize([token], false, before);
    const shown = text === '' || text.includes('\uFFFD') ? `\u0000${token}\u0000` : text;
    known.set(token, shown);
    return shown;
  };
}

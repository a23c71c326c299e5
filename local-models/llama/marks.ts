// Keeps the text of people and tools from ever becoming control tokens: which texts are marks of the model, and how they are kept as plain text.
import { randomBytes } from 'node:crypto';
import { type LlamaModel, LlamaText, SpecialTokensText, type Tokenizer } from 'node-llama-cpp';

export type Marks = ReturnType<typeof createMarks>;

/**
 * Plain text is tokenised without control tokens by the library already, but not without user-defined ones such as `<tool_call>`, and templates
 * render the arguments of past calls and the descriptions of tools as their own text. Both ways are closed here.
 */
export function createMarks(model: LlamaModel, template: string) {
  const { control, scaffold } = markTexts(model, template);
  const any = pattern([...control, ...scaffold]);
  const cut = pattern(scaffold);
  // Unguessable, so that no text can name a mark in this way itself.
  const name = `q${randomBytes(8).toString('hex')}n`;
  const named = new RegExp(`${name}(\\d+)z`);
  const listed = [...control, ...scaffold];
  const quoteText = (text: string) => (any === null ? text : text.replace(any, (mark) => `${name}${listed.indexOf(mark)}z`));
  return {
    /** Replaces marks inside strings, however deep, by names that any template leaves alone; `unquote` brings them back as plain text. */
    quote: <T>(value: T): T => mapStrings(value, quoteText),
    unquote: (text: LlamaText): LlamaText => unquote(text, named, listed),
    /** The model's tokenizer, except that plain text never yields a mark. */
    tokenizer: guarded(model, cut),
  };
}

function markTexts(model: LlamaModel, template: string): { control: string[]; scaffold: string[] } {
  const control: string[] = [];
  const scaffold: string[] = [];
  for (const token of model.iterateAllTokens()) {
    const attributes = model.getTokenAttributes(token);
    if (!attributes.control && !attributes.userDefined) continue;
    const text = model.detokenize([token], true);
    if (text.trim() === '') continue;
    if (attributes.control) control.push(text);
    // Vocabularies also define ordinary things by hand (indentation, HTML tags); only what the template speaks is a mark.
    else if (template.includes(text) && /[^\w\s]/.test(text)) scaffold.push(text);
  }
  return { control, scaffold };
}

function pattern(texts: readonly string[]): RegExp | null {
  if (texts.length === 0) return null;
  const longestFirst = [...texts].sort((left, right) => right.length - left.length);
  return new RegExp(longestFirst.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
}

function guarded(model: LlamaModel, cut: RegExp | null): Tokenizer {
  return new Proxy(model.tokenizer, {
    apply: (tokenize, self, args: [text: string, special?: boolean | 'builtin', options?: 'trimLeadingSpace']) => {
      const [text, special, options] = args;
      if ((special ?? false) !== false || cut === null || text.search(cut) < 0) return Reflect.apply(tokenize, self, args);
      // Cut after a mark's first character, so that no part holds the whole mark.
      const parts = cutAfterFirst(text, cut);
      return parts.flatMap((part, at) => model.tokenize(part, false, at === 0 ? options : 'trimLeadingSpace'));
    },
  });
}

function cutAfterFirst(text: string, cut: RegExp): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(cut)) {
    parts.push(text.slice(from, match.index + 1));
    from = match.index + 1;
  }
  return [...parts, text.slice(from)];
}

function unquote(text: LlamaText, named: RegExp, listed: readonly string[]): LlamaText {
  if (!text.values.some((value) => named.test(value.toString()))) return text;
  return LlamaText(
    text.values.flatMap((value) => {
      if (!named.test(value.toString())) return [value];
      // Splitting by a pattern with one group puts the captured index at every odd place.
      const parts = value.toString().split(new RegExp(named, 'g'));
      return parts.map((part, at) => {
        if (at % 2 === 1) return listed[Number(part)] ?? '';
        return value instanceof SpecialTokensText ? new SpecialTokensText(part) : part;
      });
    }),
  );
}

function mapStrings<T>(value: T, change: (text: string) => string): T;
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapStrings(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [change(name), mapStrings(each, change)]));
}

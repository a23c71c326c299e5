// The model's chat template, fixed once per model so that its prefix stays the same bytes, rendering to tokens that fit the cache.
import {
  type ChatModelFunctions,
  type ChatWrapper,
  type ChatWrapperGeneratedContextState,
  JinjaTemplateChatWrapper,
  type LlamaContextSequence,
  LlamaText,
  QwenChatWrapper,
  type Token,
} from 'node-llama-cpp';
import type { EngineTool } from '../engine.ts';
import { grammarSchema } from '../schema.ts';
import { align, type Span } from './align.ts';
import type { Marks } from './marks.ts';

type State = Parameters<ChatWrapper['generateContextState']>[0];

/** What may change from one request to the next; read at each rendering. */
export type Rendering = { written: readonly Span[]; tools: readonly EngineTool[]; calls: 'auto' | 'required' };

/** The functions whose parameters the grammar enforces. */
export function functionsOf(tools: readonly EngineTool[]): ChatModelFunctions {
  return Object.fromEntries(tools.map((tool) => [tool.name, { description: tool.description, params: grammarSchema(tool.parameters) }]));
}

export function fitToCache(
  base: ChatWrapper,
  sequence: LlamaContextSequence,
  marks: Marks,
  textOf: (token: Token) => string,
  rendering: Rendering,
): ChatWrapper {
  const renderOnce = createMemo((state: State) => {
    const shown = shownFunctions(base, state.availableFunctions, rendering.tools, marks);
    const rendered = base.generateContextState({ ...state, ...(shown === undefined ? {} : { availableFunctions: shown }) });
    const plain = marks.unquote(rendered.contextText);
    return { rendered, plain, tokens: plain.tokenize(marks.tokenizer) };
  });
  const generateContextState = (state: State): ChatWrapperGeneratedContextState => {
    const { rendered, plain, tokens } = renderOnce(state);
    const tokenize = () => align(sequence.contextTokens, tokens, rendering.written, textOf);
    const contextText: LlamaText = Object.create(plain, { tokenize: { value: tokenize } });
    if (rendering.calls === 'auto' || state.availableFunctions === undefined) return { ...rendered, contextText };
    const { stopGenerationTriggers } = rendered;
    return { stopGenerationTriggers, contextText, prefixTriggers: [], noPrefixTrigger: { type: 'functionCall', inject: LlamaText('') } };
  };
  return Object.create(base, { generateContextState: { value: generateContextState } });
}

/** Keeps the last rendering: the library asks for the same one several times, and a long history takes its time. */
function createMemo<T>(work: (state: State) => T): (state: State) => T {
  let held: { readonly key: string; readonly value: T } | null = null;
  return (state) => {
    const key = JSON.stringify(state);
    if (held?.key !== key) held = { key, value: work(state) };
    return held.value;
  };
}

function shownFunctions(
  base: ChatWrapper,
  functions: ChatModelFunctions | undefined,
  tools: readonly EngineTool[],
  marks: Marks,
): ChatModelFunctions | undefined {
  if (functions === undefined) return undefined;
  const printsSchemas = base instanceof JinjaTemplateChatWrapper || base instanceof QwenChatWrapper;
  if (!printsSchemas) return marks.quote(functions);
  // Models were trained on JSON Schema as it is; only the grammar needs it converted. The cast is sound because here the schema is only printed.
  return marks.quote(Object.fromEntries(tools.map((tool) => [tool.name, { description: tool.description, params: tool.parameters }])) as ChatModelFunctions);
}

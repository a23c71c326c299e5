// Guesses how many tokens a text takes where no tokenizer is at hand. Errs upwards, so that what is said to fit does fit.
import type { ModelMessage, ModelRequest } from './model.ts';

/** Three bytes a token: English has about four, Chinese about four (three a character), code about three. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3);
}

export function estimatePrompt(request: Pick<ModelRequest, 'system' | 'tools' | 'messages'>): number {
  const tools = request.tools.length === 0 ? 0 : estimateTokens(JSON.stringify(request.tools));
  const messages = request.messages.reduce((sum, message) => sum + estimateMessage(message), 0);
  return estimateTokens(request.system) + tools + messages;
}

/** Only a memo, gone with the message: a long run sends the same messages again with every step. */
const estimated = new WeakMap<ModelMessage, number>();

function estimateMessage(message: ModelMessage): number {
  const known = estimated.get(message);
  if (known !== undefined) return known;
  const tokens = 4 + estimateTokens(message.text) + ('calls' in message ? estimateTokens(JSON.stringify(message.calls)) : 0);
  estimated.set(message, tokens);
  return tokens;
}

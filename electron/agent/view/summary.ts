// The model's own summary of what is about to leave its view: how it is asked for, and whether what it wrote may stand in for what it saw.
import type { ModelMessage, ModelRequest } from '../../models/model.ts';
import type { Surroundings } from '../seam.ts';

/** What a model was sent. */
export type Shown = Pick<ModelRequest, 'system' | 'tools' | 'messages'>;

/** By these words a script answers it; see models/scripted.ts. */
const summaryQuestion = 'Sum up the work so far';
const headings = ['Decisions', 'Facts', 'Failed', 'Next'] as const;
const question = `[Nacre] ${summaryQuestion}, so that you can go on without the messages above. Call no tool. Write these four headings, each on a line of its own, with short lines below: ${headings.map((one) => `${one}:`).join(' ')} Keep every path, name, number and id exactly as it is. At most 250 words.`;

const mostTokens = 700;
const leastCharacters = 60;
const mostCharacters = 6_000;
/** Names that must be in it: the newest so many. */
const mostNames = 40;

/** Resolves to what the model wrote, or to an empty text where it may not be used. Never rejects. */
export async function summarise({ model, sequence }: Surroundings, shown: Shown, signal: AbortSignal): Promise<string> {
  const { messages } = shown;
  // The same beginning as the step before, so that a local model reads only the question.
  const asked: readonly ModelMessage[] = [...messages, { role: 'user', text: question }];
  const request: ModelRequest = { ...shown, messages: asked, sequence, lane: 'background', purpose: 'summary', maxTokens: mostTokens };
  for await (const event of model.generate(request, signal)) {
    if (event.type === 'end') return event.stop === 'end' && accepts(event.text, messages) ? event.text.trim() : '';
    if (event.type === 'fault') return '';
  }
  return '';
}

/** Every heading is there, something stands below them, and no name that the model had used itself is lost. Pure. */
export function accepts(summary: string, messages: readonly ModelMessage[]): boolean {
  const text = summary.trim();
  if (text.length < leastCharacters || text.length > mostCharacters) return false;
  if (!headings.every((heading) => new RegExp(`^\\W*${heading}\\W*:`, 'mu').test(text))) return false;
  return namesIn(messages).every((name) => text.includes(name));
}

/** Paths, addresses, numbers and ids in the model's own words. What tools returned stands in the journal, and files have rows of their own. */
function namesIn(messages: readonly ModelMessage[]): readonly string[] {
  const said = messages.flatMap((message) => (message.role === 'assistant' ? [message.text] : [])).join('\n');
  const found = said.match(/(?:https?:\/\/[^\s)>\]"']+|[\w.-]*\/[\w./-]+|\b[\w-]+\.[a-z]{1,5}\b|\b[A-Za-z]*-?\d[\w-]{2,}\b)/gu) ?? [];
  return [...new Set(found.map((name) => name.replace(/[.,;:]+$/, '')))].slice(-mostNames);
}

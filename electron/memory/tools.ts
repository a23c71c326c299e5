// The tool that memory brings: recall, remember, forget and the profile in one, because one tool costs a quarter of the prompt that four do.
import { z } from 'zod';
import type { EntryId } from '../contract/id.ts';
import { type Preview, type Tool, ToolRefusal, type ToolResult } from '../tools/tool.ts';
import type { Memory } from './memory.ts';
import { askedWords, termsOf } from './recall/words.ts';
import { originOf } from './write.ts';

export type MemoryToolParts = {
  readonly memory: Pick<Memory, 'search' | 'remember' | 'forget' | 'profile'>;
  now(): number;
  /** The message that this run answers: the source of what is remembered in it. */
  source(): EntryId | null;
};

const actions = ['recall', 'remember', 'forget', 'profile'] as const;
type Action = (typeof actions)[number];

const parameters = z.strictObject({
  recall: z.string().optional(),
  remember: z.string().optional().describe('one fact'),
  about: z.string().optional().describe('subject of the fact; a newer one replaces it'),
  forget: z.string().optional(),
  profile: z.string().optional().describe('about the person, "label: text"'),
});
type Arguments = z.infer<typeof parameters>;
/** Tokens of text that a call gives back, and characters of a fact or a line. */
const recallTokens = 500;
const longestFact = 600;

export function memoryTool(parts: MemoryToolParts): Tool {
  const tool: Tool<Arguments> = {
    name: 'memory',
    description: 'Long-term memory of all conversations. Give one of recall, remember, forget, profile.',
    parameters,
    effect: 'repeatable',
    asks: false,
    title: (args) => Object.values(args).join(' · '),
    prepare: async (args) => preview(chosen(args)),
    run: async (args) => perform(chosen(args), parts),
  };
  return tool as Tool;
}

type Wish = { readonly action: Action; readonly text: string; readonly about?: string | undefined };

function chosen(args: Arguments): Wish {
  const given = actions.filter((action) => (args[action] ?? '').trim() !== '');
  const [action] = given;
  if (action === undefined || given.length > 1) throw new ToolRefusal('Give exactly one of recall, remember, forget, profile.');
  return { action, text: (args[action] ?? '').trim(), about: args.about };
}

/** Everything here can be undone, so it asks nobody. */
function preview({ action, text, about }: Wish): Preview {
  if (action !== 'recall' && text.length > longestFact) throw new ToolRefusal(`Say it in at most ${longestFact} characters; this has ${text.length}.`);
  const payload = about === undefined ? text : `${about}: ${text}`;
  return { title: `${action}: ${text}`, payload, before: null, scope: `${action} ${payload}` };
}

async function perform({ action, text, about }: Wish, parts: MemoryToolParts): Promise<ToolResult> {
  const { memory, now } = parts;
  const source = parts.source();
  switch (action) {
    case 'recall': {
      const hits = await memory.search({ query: text, tokens: recallTokens });
      return { ok: true, output: hits.length === 0 ? 'Nothing was found.' : hits.map((hit) => hit.text).join('\n\n') };
    }
    case 'remember': {
      const at = now();
      const subject = about === undefined ? {} : { subject: about.trim().toLowerCase(), validFrom: at };
      memory.remember({ ...originOf(source, 'tool'), ...subject, at, author: 'person', text });
      return { ok: true, output: 'Remembered.' };
    }
    case 'forget':
      return forget(memory, text, source);
    case 'profile': {
      memory.profile.update(text, now(), source);
      return { ok: true, output: `The page about the person:\n${memory.profile.text()}` };
    }
  }
}

/** What holds every word that was given; the request itself is not meant. */
async function forget(memory: MemoryToolParts['memory'], text: string, request: EntryId | null): Promise<ToolResult> {
  const wanted = askedWords(text).filter(({ weight, terms }) => weight === 1 || terms.length > 1);
  const hits = (await memory.search({ query: text, limit: 50 })).filter(({ source }) => source[0] !== `e${request}`);
  const meant = hits.filter((hit) => {
    const held = new Set(termsOf(hit.text));
    return wanted.length > 0 && wanted.every(({ terms }) => terms.every((term) => held.has(term)));
  });
  if (meant.length > 0) {
    memory.forget([...new Set(meant.flatMap(({ source }) => source))]);
    return { ok: true, output: `Forgotten, and gone for good in seven days:\n${meant.map((hit) => hit.text.slice(0, 200)).join('\n')}` };
  }
  const near = hits.slice(0, 3).map((hit) => `- ${hit.text.slice(0, 200)}`);
  throw new ToolRefusal(`Nothing remembered holds all of these words.${near.length > 0 ? ` Nearest:\n${near.join('\n')}` : ''}`);
}

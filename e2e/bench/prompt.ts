// first-prompt-tokens: how much a model must read before the first word of an answer, all built-in tools included.
import { makeBed } from './bed/nacre.ts';
import type { Body } from './bed/server.ts';
import { countTokens } from './bed/tokenizer.ts';
import type { Bench } from './figure.ts';

/** Four characters count as a token, as in other measurements of agents; the count by a real tokenizer is printed beside it. */
export const firstPromptTokens: Bench = async () => {
  const bed = await makeBed({ steps: 0, tool: 'read_file', argumentsOf: () => ({}) });
  try {
    await bed.start('ask', 'hi', '--folder', bed.folder, '--model', 'bench', '--json').ended;
    const [first] = bed.server.requests;
    if (first === undefined) throw new Error('no request reached the server');
    const text = flatten(first.body);
    const tools = first.body.tools ?? [];
    const toolChars = JSON.stringify(tools).length;
    const qwen = (await countTokens([text]))?.[0] ?? null;
    return [
      {
        name: 'first-prompt-tokens',
        value: Math.ceil(text.length / 4),
        unit: 'tokens',
        goal: '1200',
        qwen,
        chars: text.length,
        tools: tools.length,
        toolChars,
      },
    ];
  } finally {
    await bed.close();
  }
};

function flatten(body: Body): string {
  const messages = (body.messages ?? []).map(({ role, content, tool_calls }) => {
    const said = typeof content === 'string' ? content : JSON.stringify(content);
    return `${role}\n${said}${tool_calls === undefined ? '' : JSON.stringify(tool_calls)}`;
  });
  return JSON.stringify(body.tools ?? []) + messages.join('\n');
}

// What a model reads before the first word, for each tier, in a turn and in a task: a change of a prompt shows here as a diff, with what it costs.
import { afterAll, expect, test } from 'vitest';
import type { ModelRequest } from '../../electron/models/model.ts';
import { createScriptedModel } from '../../electron/models/scripted.ts';
import { listFiles } from '../../electron/tools/files/list.ts';
import { readFile } from '../../electron/tools/files/read.ts';
import { createSearchFiles } from '../../electron/tools/files/search.ts';
import { writeFile } from '../../electron/tools/files/write.ts';
import { createRunCommand } from '../../electron/tools/shell/command.ts';
import type { Tool } from '../../electron/tools/tool.ts';
import { clearHouses, house, openGround } from '../scaffold/house.ts';
import { countTokens } from './bed/tokenizer.ts';

afterAll(clearHouses);

const tools = [readFile, writeFile, listFiles, createSearchFiles(), createRunCommand(openGround)] as unknown as readonly Tool[];
const words = { en: 'Please find all invoices of last year and add them up.', zh: '请找出去年的所有发票并计算总额。' };
const limits = { small: 1_200, standard: 2_000, large: 4_000 } as const;

/** The first request of a turn or a task, as it leaves for the model. */
async function firstRequest(tier: keyof typeof limits, kind: 'turn' | 'task', text: string): Promise<ModelRequest> {
  const model = createScriptedModel({ lines: [{ text: 'Yes.' }], profile: { tier } });
  const work = house(model, undefined, { tools });
  if (kind === 'task') work.inbox.addTask({ goal: text });
  else await work.inbox.post({ conversation: work.threads.create('', null).id, text });
  await work.worker.untilIdle();
  const [first] = model.asked;
  if (first === undefined) throw new Error('nothing was asked');
  return first;
}

/** As the templates of most models print a tool. */
function printed({ tools: specs }: ModelRequest): string {
  return specs.map((spec) => JSON.stringify({ type: 'function', function: spec })).join('\n');
}

test('every tier keeps to its limit, with all tools that are always there', async () => {
  const prompts: { name: string; limit: number; prefix: string; texts: readonly string[] }[] = [];
  for (const tier of ['small', 'standard', 'large'] as const) {
    for (const kind of ['turn', 'task'] as const) {
      const [en, zh] = [await firstRequest(tier, kind, words.en), await firstRequest(tier, kind, words.zh)];
      // One prompt for everybody: the person's language decides nothing but the answer's.
      expect([zh.system, printed(zh)]).toEqual([en.system, printed(en)]);
      expect(en.tools.length).toBeLessThanOrEqual(8);
      const texts = [en.system, printed(en), ...[en, zh].map(({ messages }) => messages.map(({ text }) => text).join('\n'))];
      prompts.push({ name: `${tier}-${kind}`, limit: limits[tier], prefix: texts.slice(0, 2).join('\n'), texts });
    }
  }
  const counts = await countTokens(prompts.flatMap(({ texts }) => texts));
  if (counts === null) throw new Error('there is no git to unpack the vocabulary of a real model with');
  for (const [index, { name, limit, prefix, texts }] of prompts.entries()) {
    const [system = 0, specs = 0, english = 0, chinese = 0] = counts.slice(index * 4);
    expect(system + specs + Math.max(english, chinese)).toBeLessThanOrEqual(limit);
    const shown = [
      `Tokens by the vocabulary of Qwen2: ${system + specs}, of which ${system} are words and ${specs} are tools. At most ${limit} with the first message.`,
      `A first message: ${english} in English, ${chinese} in Chinese.`,
      ...['', prefix, ''],
      ...texts.slice(2).map((text) => text.replace(/\[\d{4}-[^\]]*\]/g, '[time, folder]')),
      '',
    ];
    await expect(shown.join('\n')).toMatchFileSnapshot(`tiers/${name}.txt`);
  }
});

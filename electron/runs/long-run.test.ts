// A run of 600 steps in a window of 4k tokens, through the real loop and the real journal: what matters never leaves the model's sight.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { clearHouses, house } from '../../e2e/scaffold/house.ts';
import { estimatePrompt } from '../models/estimate.ts';
import type { ModelRequest } from '../models/model.ts';
import type { ScriptLine } from '../models/script/script.ts';
import { createScriptedModel } from '../models/scripted.ts';

afterEach(clearHouses);

const goal = 'Read every note, gather the numbers, and never send anything.';
const window = 4096;
const rules = ['never delete a file', '发送邮件前先问我'];
const laterRule = 'do not touch notes from May';
const owed = 'send the total to Ann by Friday';

/** What must hold of every request from the given step on. */
function look(step: number, request: ModelRequest): void {
  const all = request.messages.map(({ text }) => text).join('\n');
  const tokens = estimatePrompt(request);
  if (tokens > window * 0.75) throw new Error(`step ${step}: ${tokens} tokens`);
  const must = [goal, ...(step > 1 ? [...rules, 'gather the numbers of part'] : []), ...(step > 300 ? [laterRule, owed] : [])];
  for (const words of must) if (!all.includes(words)) throw new Error(`step ${step}: lost ${words}`);
  const shown = [...all.matchAll(/^\d+\. \[>\] gather the numbers of part (\d+)$/gm)].at(-1)?.[1];
  if (step > 1 && step % 50 > 1 && Number(shown) !== Math.floor(step / 50) + 1) throw new Error(`step ${step}: the plan shows part ${shown}`);
}

/** Each fifty steps the plan moves on; at 300 a rule and a promise are added. */
function lineAt(step: number): ScriptLine {
  const expectation = (request: ModelRequest): void => look(step, request);
  const part = Math.floor(step / 50) + 1;
  if (step === 1) return { calls: [{ tool: 'update_plan', arguments: { steps: parts(1), rules } }], expect: expectation };
  if (step === 300)
    return { calls: [{ tool: 'update_plan', arguments: { rules: [laterRule], owed: [owed], steps: [`6 done`, `7 doing`] } }], expect: expectation };
  if (step % 50 === 0) return { calls: [{ tool: 'update_plan', arguments: { steps: [`${part - 1} done`, `${part} doing`] } }], expect: expectation };
  return { text: `Looking at note ${step}.`, calls: [{ tool: 'read_file', arguments: { path: `note-${step % 40}.txt` } }], expect: expectation };
}

function parts(doing: number): string[] {
  return Array.from({ length: 13 }, (_, n) => `${n + 1 === doing ? '[>] ' : ''}gather the numbers of part ${n + 1}`);
}

test('600 steps in 4k tokens: rules and plan in every request, the goal never lost, the budget never exceeded, across a restart', async () => {
  const lines = [...Array.from({ length: 600 }, (_, n) => lineAt(n + 1)), { text: 'All gathered.' }];
  const open = () => createScriptedModel({ lines, profile: { contextTokens: window, tier: 'small' } });
  const first = open();
  const work = house(first);
  for (let note = 0; note < 40; note++) writeFileSync(join(work.folder, `note-${note}.txt`), `note ${note}: ${'lorem ipsum '.repeat(note * 4)}\n`);
  const task = work.inbox.addTask({ goal, folder: work.folder, approve: 'folder', checks: [{ type: 'file', path: 'note-1.txt' }] });
  while (work.runs.get(task.run ?? 0).steps < 270 && work.runs.get(task.run ?? 0).endedAt === null) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(work.runs.get(task.run ?? 0)).toMatchObject({ fault: null });
  await work.close();
  const second = open();
  const again = house(second, work.data);
  await again.worker.untilIdle();
  expect(again.tasks.get(task.id)).toMatchObject({ state: 'done', result: 'All gathered.' });
  const entries = again.runs.entries.of(task.run ?? 0);
  const restart = entries.findLastIndex(({ body }) => body.type === 'started');
  const next = entries.slice(restart).find(({ body }) => body.type === 'reply' || body.type === 'compacted');
  // What the second was first shown is byte for byte what the first was shown, and more; unless it was just then that something had to be compacted.
  const [before, after] = [first.asked.at(-1)?.messages ?? [], second.asked[0]?.messages ?? []];
  if (next?.body.type === 'reply') expect(after.slice(0, before.length)).toEqual(before);
  expect(entries.filter(({ body }) => body.type === 'compacted').length).toBeGreaterThan(10);
  expect(again.tasks.get(task.id).plan).toMatchObject({ constraints: [...rules, laterRule], obligations: [{ text: owed, open: true }] });
}, 60_000);

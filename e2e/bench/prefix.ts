// prefix-reuse: how much of what a local model has read it need not read again, over a long run of a task, counted by the real engine.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EntryBody } from '../../electron/contract/entry.ts';
import type { Model, ModelMessage } from '../../electron/models/model.ts';
import { createScriptedModel, type Script } from '../../electron/models/scripted.ts';
import type { Engine, EngineMessage } from '../../local-models/engine.ts';
import { makeFixture } from '../fixture/make.ts';
import { type House, house } from '../scaffold/house.ts';
import { makeFolder } from './bed/nacre.ts';
import { type BenchOptions, type Figure, round } from './figure.ts';
import { startEngine } from './local.ts';

const steps = 200;
const contextTokens = 10_752;
const day = 86_400_000;

type Asked = { readonly prompt: number; readonly reused: number };

/**
 * 200 scripted steps with tools and changes of the plan, compactions, the end of a day, and a restart of assistant and engine, for which the engine's state
 * is kept. Reusable is all of a prompt that the prompt before it had held, too; so what a compaction changes counts as lost.
 */
export async function prefixReuse({ model }: BenchOptions): Promise<readonly Figure[]> {
  const home = makeFolder('prefix');
  const file = model ?? join(home, 'fixture.gguf');
  if (model === null) writeFileSync(file, makeFixture(1, 'llama', contextTokens));
  const asked: Asked[] = [];
  const data = join(home, 'data');
  mkdirSync(data);
  const first = await startEngine(file, contextTokens);
  const work = open(first, file, data, asked);
  for (let note = 0; note < steps; note++) writeFileSync(join(work.folder, `note-${note}.txt`), `${note} 条\n`);
  const { id } = work.inbox.addTask({ goal: 'Read all notes and add up what they say.', folder: work.folder, checks: [{ type: 'file', path: 'note-1.txt' }] });
  await until(work, () => asked.length > steps / 4);
  work.pass(day);
  await until(work, () => asked.length > steps / 2);
  await work.close();
  await first.saveState('background', join(home, 'state'));
  await first.close();
  const second = await startEngine(file, contextTokens);
  await second.loadState('background', join(home, 'state'));
  const again = open(second, file, data, asked);
  await again.worker.untilIdle();
  const task = again.tasks.get(id);
  const entries = again.runs.entries.of(task.run ?? 0).map(({ body }) => body.type);
  await again.close();
  await second.close();
  rmSync(home, { recursive: true });
  if (task.state !== 'done') throw new Error(`the task ended as ${task.state}: ${task.fault?.message ?? ''}`);
  return [figure(asked, entries, basename(file))];
}

function figure(asked: readonly Asked[], entries: readonly EntryBody['type'][], model: string): Figure {
  const pairs = asked.slice(1).map((now, index) => ({ now, reusable: Math.min(now.prompt, asked[index]?.prompt ?? 0) }));
  const reusable = pairs.reduce((sum, pair) => sum + pair.reusable, 0);
  const lost = pairs.reduce((sum, { now, reusable: most }) => sum + Math.max(0, most - now.reused), 0);
  const occurred = (type: EntryBody['type']): number => entries.filter((one) => one === type).length;
  const counts = { compactions: occurred('compacted'), plans: occurred('planned'), restarts: occurred('started') - 1, requests: asked.length };
  return { name: 'prefix-reuse', value: round(1 - lost / reusable, 4), unit: 'share', goal: '0.99', reusable, lost, ...counts, model };
}

/** The steps are the script's; the engine reads each request, and says how much of it it had. */
function open(engine: Engine, file: string, data: string, asked: Asked[]): House {
  const script = createScriptedModel(lines());
  const model: Model = {
    ...script,
    profile: { id: 'local:bench', name: 'bench', where: 'local', contextTokens, tier: 'small' },
    countTokens: (texts) => engine.count(file, texts),
    async *generate(request, signal) {
      const { system, tools, messages } = request;
      const { usage } = await engine.generate(
        { file, lane: 'background', system, tools, messages: messages.map(toEngine), maxTokens: 1, temperature: 0 },
        () => undefined,
      );
      asked.push({ prompt: usage.read + usage.reused, reused: usage.reused });
      yield* script.generate(request, signal);
    },
  };
  return house(model, data);
}

function lines(): Script {
  const plan = (step: number) => ({
    tool: 'update_plan',
    arguments: step === 0 ? { steps: ['read', 'add up', 'tell'], rules: ['never delete a note'] } : { steps: [`${1 + (step % 3)} done`] },
  });
  const read = (step: number) => ({ tool: 'read_file', arguments: { path: `note-${step}.txt` } });
  const reading = Array.from({ length: steps - 1 }, (_, step) => ({
    text: step % 7 === 0 ? `Step ${step}.` : '',
    calls: [step % 40 === 0 ? plan(step) : read(step)],
  }));
  return { lines: [...reading, { text: 'All is added up.' }], keepAsked: false };
}

function toEngine(message: ModelMessage): EngineMessage {
  return message.role === 'tool' ? { role: 'tool', call: message.call, text: message.text } : message;
}

/** Throws where the task ended before. */
async function until({ tasks }: House, reached: () => boolean): Promise<void> {
  while (!reached()) {
    const ended = tasks.list().find(({ endedAt }) => endedAt !== null);
    if (ended !== undefined) throw new Error(`the task ended as ${ended.state}: ${ended.fault?.message ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

// The model of a random history: says and asks for whatever the dice give, and stands at a gate before each reply.
import type { ToolCall } from '../../../electron/contract/entry.ts';
import { type Fault, FaultError, fault } from '../../../electron/contract/fault.ts';
import type { Model, ModelEvent, ModelRequest } from '../../../electron/models/model.ts';
import type { Run } from '../../../electron/runs/store.ts';
import { kinds } from './effects.ts';
import type { Life, World } from './life.ts';

const names = Object.keys(kinds);
const usage = { model: 'dice', where: 'scripted', read: 3, reused: 1, written: 2, prefillMs: 0, decodeMs: 0 } as const;

/** Throws a FaultError, as often as the dice say, where there is no model or it can't be reached. */
export function makeMind(world: World, life: Life, run: Run): Model {
  const luck = world.calm ? 99 : world.dice(40);
  if (luck === 0) throw new FaultError(fault('model.none'));
  if (luck === 1) throw new FaultError(unreachable());
  return {
    profile: { id: 'dice', name: 'Dice', where: 'scripted', contextTokens: 32_768, tier: 'standard' },
    generate: (request, signal) => generate(world, life, run.id, request, signal),
    countTokens: async (texts) => texts.map((text) => Math.ceil(text.length / 3)),
    prefill: async () => undefined,
    close: async () => undefined,
  };
}

async function* generate(world: World, life: Life, run: number, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
  await life.gate(run, signal);
  if (signal.aborted) return;
  yield request.purpose === 'judgement' ? say(judgement(world)) : reply(world);
}

function judgement(world: World): string {
  const luck = world.calm ? 0 : world.dice(10);
  if (luck < 6) return 'DONE. All of it.';
  return luck < 9 ? 'NOT DONE. A part is missing.' : 'Hm.';
}

function reply(world: World): ModelEvent {
  const luck = world.calm ? 0 : world.dice(100);
  if (luck < 28) return say('Finished.');
  if (luck < 70) return say('', [call(world)]);
  if (luck < 84) return say('Both.', [call(world), call(world)]);
  if (luck < 88) return say('', [{ id: 'x', tool: 'nothing', arguments: '{}' }]);
  if (luck < 91) return say('', [{ id: 'x', tool: 'ring', arguments: '{"n":' }]);
  if (luck < 94) return say('');
  return { type: 'fault', fault: luck < 97 ? fault('model.engine-died', {}, { retry: true }) : unreachable() };
}

function call(world: World): ToolCall {
  return { id: 'x', tool: names[world.dice(names.length)] ?? 'look', arguments: JSON.stringify({ n: world.nextNumber() }) };
}

function say(text: string, calls: readonly ToolCall[] = []): ModelEvent {
  return { type: 'end', text, thought: '', calls, stop: calls.length > 0 ? 'calls' : 'end', usage };
}

function unreachable(): Fault {
  return fault('model.unreachable', { host: 'dice', reason: 'refused' }, { retry: true });
}

// What the assistant can do in a random history: one tool for each kind of effect. What happened is counted outside the database, so no crash undoes it.
import { basename } from 'node:path';
import { z } from 'zod';
import type { Effect } from '../../../electron/contract/entry.ts';
import { type CallPlace, type Tool, ToolRefusal } from '../../../electron/tools/tool.ts';
import type { Life, World } from './life.ts';

const parameters = z.strictObject({ n: z.number().int() });
const Command = z.strictObject({ command: z.string() });

type Kind = { readonly effect: Effect; readonly asks: boolean /** What it says after a crash. */; readonly probe: 'none' | 'true' | 'unsure' };

export const kinds: Readonly<Record<string, Kind>> = {
  look: { effect: 'none', asks: false, probe: 'none' },
  put: { effect: 'repeatable', asks: false, probe: 'none' },
  ring: { effect: 'once', asks: false, probe: 'none' },
  send: { effect: 'once', asks: false, probe: 'true' },
  throw: { effect: 'once', asks: false, probe: 'unsure' },
  knock: { effect: 'once', asks: true, probe: 'none' },
};

export function makeEffects(world: World, life: Life): readonly Tool[] {
  return [...Object.entries(kinds).map(([name, kind]) => effect(world, life, name, kind) as Tool), checker(world, life) as Tool];
}

function effect(world: World, life: Life, name: string, kind: Kind): Tool<{ n: number }> {
  const happened = (n: number): number => world.effects.get(n) ?? 0;
  return {
    name,
    description: name,
    parameters,
    effect: world.bug.mislabels === name ? 'repeatable' : kind.effect,
    asks: kind.asks,
    title: ({ n }) => `${name} ${n}`,
    prepare: async ({ n }) => {
      if (!world.calm && world.dice(20) === 0) throw new ToolRefusal('Not now.');
      return { title: `${name} ${n}`, payload: String(n), before: null, scope: name };
    },
    ...(kind.probe === 'none' ? {} : { receipt: async ({ n }) => String(n) }),
    ...(kind.probe === 'none'
      ? {}
      : {
          probe: async ({ n }) => {
            if (kind.probe === 'unsure' && world.dice(2) === 0) return 'unknown';
            return happened(n) > 0 ? 'happened' : 'did-not-happen';
          },
        }),
    run: async ({ n }, place) => {
      life.pass(`${name}.before`);
      if (world.dice(3) === 0) await life.gate(runOf(place), place.signal);
      if (place.signal.aborted) return { ok: false, output: 'stopped' };
      world.effects.set(n, happened(n) + 1);
      if (world.dice(4) === 0) await life.gate(runOf(place), place.signal);
      life.pass(`${name}.after`);
      return { ok: world.calm || world.dice(10) > 0, output: `${name} ${n}` };
    },
  };
}

/** The shell, of which only checks make use here: they pass or fail as the dice fall. */
function checker(world: World, life: Life): Tool<{ command: string }> {
  return {
    name: 'run_command',
    description: 'Runs a command.',
    parameters: Command,
    effect: 'once',
    asks: true,
    title: ({ command }) => command,
    prepare: async ({ command }) => ({ title: command, payload: command, before: null, scope: command }),
    run: async ({ command }, place) => {
      life.pass('check');
      if (!world.calm && world.dice(4) === 0) await life.gate(runOf(place), place.signal);
      place.signal.throwIfAborted();
      const ok = world.calm || world.dice(3) > 0;
      return { ok, output: `${command}: ${ok ? 'fine' : 'not yet'}` };
    },
  };
}

function runOf(place: CallPlace): number {
  return Number(basename(place.scratch));
}

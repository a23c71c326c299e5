// What happened against what the journal says of it: nothing twice, nothing that was denied, nothing lost.
import type { Entry, ToolCall } from '../../../electron/contract/entry.ts';
import type { Run } from '../../../electron/runs/store.ts';
import { kinds } from '../world/effects.ts';
import type { World } from '../world/life.ts';
import { require } from './require.ts';

type Asked = { readonly run: Run; readonly call: ToolCall; readonly n: number; readonly status: string | null; readonly hasIntent: boolean };

export function checkEffects(world: World, runs: readonly Run[], told: ReadonlyMap<number, readonly Entry[]>): void {
  const asked = runs.flatMap((run) => callsOf(run, told.get(run.id) ?? []));
  const known = new Set(asked.map(({ n }) => n));
  for (const n of world.effects.keys()) require(known.has(n), `effect ${n} happened and no reply in the journal asks for it`);
  for (const one of asked) checkCall(world, one);
}

function callsOf(run: Run, entries: readonly Entry[]): Asked[] {
  const calls = entries.flatMap(({ body }) => (body.type === 'reply' ? body.calls : []));
  return calls.flatMap((call) => {
    const own = entries.flatMap(({ body }) => ('call' in body && body.call === call.id ? [body] : []));
    const outcomes = own.flatMap((body) => (body.type === 'outcome' ? [body.status] : []));
    require(outcomes.length <= 1, `call ${call.id} of run ${run.id} has ${outcomes.length} outcomes`);
    const n = Number(/^\{"n":(\d+)\}$/.exec(call.arguments)?.[1] ?? Number.NaN);
    return Number.isNaN(n) ? [] : [{ run, call, n, status: outcomes[0] ?? null, hasIntent: own.some(({ type }) => type === 'intent') }];
  });
}

function checkCall(world: World, { run, call, n, status, hasIntent }: Asked): void {
  const kind = kinds[call.tool];
  if (kind === undefined) return;
  const times = world.effects.get(n) ?? 0;
  const name = `${call.tool} ${n} of run ${run.id}`;
  require(kind.effect !== 'once' || times <= 1, `${name} must happen once and happened ${times} times`);
  require(times === 0 || kind.effect === 'none' || hasIntent, `${name} happened without its intent`);
  require(status !== 'done' || times >= 1, `${name} is said to be done and never happened`);
  require(status !== 'unknown' || kind.effect === 'once', `${name} can be done again, so it can not be unknown`);
  // What only looks leaves no intent, so after a crash it is as if it had not been.
  require(kind.effect === 'none' || (status !== 'denied' && status !== 'skipped') || times === 0, `${name} was ${status} and happened`);
  require(run.state !== 'done' || status !== null, `${name} has no outcome and its run is done`);
  require(!kind.asks || times === 0 || isAllowed(world, run, call), `${name} happened and nobody had allowed it`);
}

function isAllowed({ life }: World, run: Run, call: ToolCall): boolean {
  const found = life.raw
    .prepare(
      `SELECT 1 FROM approval a JOIN run r ON r.id = a.run
       WHERE a.state = 'allowed' AND a.tool = ? AND ((a.run = ? AND a.call = ?) OR (r.conversation = ? AND a.answer = 'conversation'))`,
    )
    .get(call.tool, run.id, call.id, run.conversation);
  return found !== undefined;
}

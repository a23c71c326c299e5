// Tools of the errand that the product does not have yet: renaming and appending files, and posting to a server with and without a key.
import { appendFileSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Effect } from '../../../electron/contract/entry.ts';
import type { CallPlace, Tool } from '../../../electron/tools/tool.ts';

type Doing<Arguments> = Pick<Tool<Arguments>, 'probe'> & {
  readonly name: string;
  readonly parameters: z.ZodType<Arguments>;
  readonly effect: Effect;
  doIt(args: Arguments, place: CallPlace): Promise<void>;
};

export function errandTools(server: string): readonly Tool[] {
  const post = (n: number, key: string | null): Promise<void> => send(server, n, key);
  return [
    make({
      name: 'rename_file',
      parameters: z.strictObject({ from: z.string(), to: z.string() }),
      effect: 'once',
      probe: async ({ from, to }, _receipt, place) => (existsSync(at(place, to)) && !existsSync(at(place, from)) ? 'happened' : 'did-not-happen'),
      doIt: async ({ from, to }, place) => renameSync(at(place, from), at(place, to)),
    }),
    // Nobody can tell afterwards whether a line is this call's or another's, so it has no probe.
    make({
      name: 'append_line',
      parameters: z.strictObject({ path: z.string(), line: z.string() }),
      effect: 'once',
      doIt: async ({ path, line }, place) => appendFileSync(at(place, path), `${line}\n`),
    }),
    // The server takes a key once only, so sending it again is safe.
    make({ name: 'post_keyed', parameters: z.strictObject({ n: z.number() }), effect: 'repeatable', doIt: ({ n }) => post(n, `key-${n}`) }),
    make({ name: 'post_plain', parameters: z.strictObject({ n: z.number() }), effect: 'once', doIt: ({ n }) => post(n, null) }),
  ];
}

function make<Arguments>({ name, parameters, effect, probe, doIt }: Doing<Arguments>): Tool {
  const tool: Tool<Arguments> = {
    name,
    description: name,
    parameters,
    effect,
    asks: false,
    title: (args) => `${name} ${JSON.stringify(args)}`,
    prepare: async (args) => ({ title: name, payload: JSON.stringify(args), before: null, scope: name }),
    ...(probe === undefined ? {} : { receipt: async () => 'none needed', probe }),
    run: async (args, place) => {
      await doIt(args, place);
      return { ok: true, output: 'Done.' };
    },
  };
  return tool as unknown as Tool;
}

async function send(server: string, n: number, key: string | null): Promise<void> {
  const answer = await fetch(server, { method: 'POST', body: String(n), headers: key === null ? {} : { 'idempotency-key': key } });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  await answer.text();
}

function at({ folder }: CallPlace, path: string): string {
  return join(folder ?? '', path);
}

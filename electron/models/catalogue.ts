// The list of configured models on disk: models.json in the data folder. Holds addresses and names, never keys.
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Fault, fault } from '../contract/fault.ts';
import { ModelId } from '../contract/id.ts';
import { replaceFile, setAside } from '../durable.ts';

const Local = z.object({
  id: ModelId,
  kind: z.literal('local'),
  name: z.string(),
  path: z.string(),
  bytes: z.number(),
  /** True where we downloaded the file, so that removing the model removes it; a file the person chose stays where it is. */
  owned: z.boolean(),
});
const Remote = z.object({
  id: ModelId,
  kind: z.enum(['openai', 'anthropic']),
  name: z.string(),
  baseUrl: z.string(),
  model: z.string(),
  keyEnv: z.string().nullable(),
  contextTokens: z.number().int().nullable(),
});
const Listed = z.discriminatedUnion('kind', [Local, Remote]);
const File = z.object({ models: z.array(Listed) });

export type RemoteListed = z.infer<typeof Remote>;
export type Listed = z.infer<typeof Listed>;

export type Catalogue = ReturnType<typeof openCatalogue>;

/** A damaged file is kept beside the new one, under a name that is said in a notice. */
export function openCatalogue(file: string, now: () => number) {
  const notices: Fault[] = [];
  let models: readonly Listed[] = load(file, now, notices);
  const change = (next: readonly Listed[]): void => {
    replaceFile(file, `${JSON.stringify({ models: next }, null, 2)}\n`);
    models = next;
  };
  return {
    /** What to tell the person once. */
    notices,
    all: () => models,
    /** Replaces the one with the same id. Throws a FaultError where the file can't be written; then nothing has changed. */
    put: (model: Listed): void =>
      change(models.some(({ id }) => id === model.id) ? models.map((one) => (one.id === model.id ? model : one)) : [...models, model]),
    remove: (id: ModelId): void => change(models.filter((one) => one.id !== id)),
  };
}

/** `local:qwen3-4b` from "Qwen3 4B", with a number behind it where that is taken. */
export function freshId(kind: 'local' | 'remote', name: string, taken: readonly Pick<Listed, 'id'>[]): ModelId {
  const slug =
    name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'model';
  for (let nth = 1; ; nth++) {
    const id = `${kind}:${slug}${nth === 1 ? '' : `-${nth}`}`;
    if (!taken.some((one) => one.id === id)) return id;
  }
}

function load(file: string, now: () => number, notices: Fault[]): readonly Listed[] {
  if (!existsSync(file)) return [];
  try {
    return File.parse(JSON.parse(readFileSync(file, 'utf8'))).models;
  } catch (_damaged) {
    notices.push(fault('model.list-damaged', { kept: setAside(file, now()) }));
    return [];
  }
}

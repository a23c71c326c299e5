// The list of configured models on disk: models.json in the data folder. Holds addresses and names, never keys.
import { z } from 'zod';
import { type Fault, fault } from '../contract/fault.ts';
import { ModelId } from '../contract/id.ts';
import { readJson, writeJson } from '../durable.ts';

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
  const onDamaged = (kept: string): void => void notices.push(fault('model.list-damaged', { kept }));
  let models: readonly Listed[] = readJson(file, now(), File.parse, onDamaged)?.models ?? [];
  const change = (next: readonly Listed[]): void => {
    writeJson(file, { models: next });
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

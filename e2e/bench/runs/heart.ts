// The heart of the assistant for measuring it in this process: the real journal on a real disk, the real worker, and a model that answers at once.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Db, openJournal } from '../../../electron/journal/open.ts';
import { silentLog } from '../../../electron/log.ts';
import type { Model, ModelEvent, ModelRequest } from '../../../electron/models/model.ts';
import { writeFile } from '../../../electron/tools/files/write.ts';
import type { Tool } from '../../../electron/tools/tool.ts';
import { composeWork, type Work } from '../../../electron/work.ts';
import { makeFolder } from '../bed/nacre.ts';

export type Heart = {
  readonly work: Work;
  readonly db: Db;
  readonly data: string;
  /** A folder to work in. */
  readonly folder: string;
  close(): Promise<void>;
};

export type Said = { readonly text: string } | { readonly tool: string; readonly arguments: unknown };

/** `say` is asked for each reply; its answer is what the model says. */
export function openHeart(name: string, say: (request: ModelRequest) => Said, contextTokens = 32_768): Heart {
  const home = makeFolder(name);
  const [data, folder] = [join(home, 'data'), join(home, 'work')];
  mkdirSync(folder);
  const db = openJournal(data);
  const model = speaker(say, contextTokens);
  const work = composeWork({
    db,
    log: silentLog,
    tools: [writeFile] as unknown as readonly Tool[],
    scratch: join(data, 'runs'),
    now: Date.now,
    openModel: async () => model,
    announce: () => undefined,
    language: () => 'en',
  });
  work.worker.start();
  const close = async (): Promise<void> => {
    await work.worker.close();
    db.close();
    rmSync(home, { recursive: true, force: true });
  };
  return { work, db, data, folder, close };
}

/** Four bytes a token, as models count English. */
export function countTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

function speaker(say: (request: ModelRequest) => Said, contextTokens: number): Model {
  async function* generate(request: ModelRequest): AsyncGenerator<ModelEvent> {
    const said = request.purpose === 'judgement' ? { text: 'DONE. It was done.' } : say(request);
    const usage = { model: 'bench', where: 'scripted', read: 10, reused: 0, written: 5, prefillMs: 0, decodeMs: 0 } as const;
    const calls = 'tool' in said ? [{ id: 'x', tool: said.tool, arguments: JSON.stringify(said.arguments) }] : [];
    yield { type: 'end', text: 'text' in said ? said.text : '', thought: '', calls, stop: calls.length > 0 ? 'calls' : 'end', usage };
  }
  return {
    profile: { id: 'bench', name: 'Bench', where: 'scripted', contextTokens, tier: 'standard' },
    generate,
    countTokens: async (texts) => texts.map(countTokens),
    prefill: async () => undefined,
    close: async () => undefined,
  };
}

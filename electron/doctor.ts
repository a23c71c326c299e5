// What `nacre doctor` looks at: one line a check, in words a person can act on.
import { statfsSync } from 'node:fs';
import { EngineError } from '../local-models/engine.ts';
import type { StartChild } from '../local-models/link.ts';
import { createSupervisedEngine } from '../local-models/supervised.ts';
import type { RequestOutput } from './contract/request.ts';
import type { Settings } from './contract/setting.ts';
import type { Db } from './journal/open.ts';
import type { Models } from './models/models.ts';
import type { Sandbox } from './tools/sandbox/seam.ts';

type Check = RequestOutput<'app.doctor'>['checks'][number];
type Looked = {
  readonly db: Db;
  readonly data: string;
  readonly models: Models;
  readonly sandbox: Sandbox;
  readonly settings: Settings;
  readonly startEngine: StartChild;
};

const enoughBytes = 500_000_000;

/** Never rejects: what can't be looked at is a check that failed. */
export async function examine({ db, data, models, sandbox, settings, startEngine }: Looked): Promise<RequestOutput<'app.doctor'>> {
  const free = () => {
    const { bavail, bsize } = statfsSync(data);
    return { ok: bavail * bsize >= enoughBytes, detail: `${Math.floor((bavail * bsize) / 1e9)} GB free where ${data} is` };
  };
  const journal = () => {
    const found = Object.values(db.prepare<Record<string, unknown>>('PRAGMA quick_check').get() ?? {})[0];
    return { ok: found === 'ok', detail: `the journal says: ${String(found)}` };
  };
  const model = () => {
    const current = models.list().find((one) => one.current);
    return {
      ok: current !== undefined && current.fault === null,
      detail: current === undefined ? 'no model is chosen yet' : (current.fault?.message ?? current.name),
    };
  };
  const engine = async () => {
    const started = createSupervisedEngine(startEngine);
    try {
      await started.count('', ['x']);
    } catch (error) {
      // It answers: only a model is missing.
      if (!(error instanceof EngineError) || error.code !== 'not-loaded') throw error;
    } finally {
      await started.close();
    }
    return { ok: true, detail: 'starts in its own process and answers' };
  };
  const contained = async () => {
    const trouble = await sandbox.trouble();
    return { ok: trouble === null, detail: trouble?.message ?? 'commands are contained' };
  };
  const network = () => ({
    ok: true,
    detail: settings.offline ? 'offline by setting: nothing leaves this computer' : 'allowed; every request is listed in egress.jsonl',
  });
  return {
    checks: [
      await check('data folder', free),
      await check('journal', journal),
      await check('model', model),
      await check('local engine', engine),
      await check('sandbox', contained),
      await check('network', network),
    ],
  };
}

async function check(name: string, look: () => Omit<Check, 'name'> | Promise<Omit<Check, 'name'>>): Promise<Check> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

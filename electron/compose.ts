// Builds every part in order of dependency and closes them in reverse; nothing else builds things. Reads like the drawing in ARCHITECTURE.md.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../local-models/engine.ts';
import type { StartChild } from '../local-models/link.ts';
import { createSupervisedEngine } from '../local-models/supervised.ts';
import type { Event, Listener } from './contract/event.ts';
import { type Fault, FaultError, fault } from './contract/fault.ts';
import type { Rest } from './contract/run.ts';
import type { Settings } from './contract/setting.ts';
import { version } from './contract/version.ts';
import { languageFor } from './contract/words.ts';
import type { Dialogs } from './desktop/dialogs.ts';
import type { Power } from './desktop/power/power.ts';
import { examine } from './doctor.ts';
import { createGate } from './egress/gate.ts';
import { createLedger } from './egress/ledger.ts';
import { socketPath } from './ipc/address.ts';
import { createHandlers } from './ipc/handlers.ts';
import { serveSocket } from './ipc/socket.ts';
import { openJournal } from './journal/open.ts';
import { createLog, type Log } from './log.ts';
import { openLocalModel, usableFile } from './models/local.ts';
import { createModels, type Models } from './models/models.ts';
import { createSecretStore, type Keychain } from './models/secrets.ts';
import { type RestWatch, watchRest } from './schedule/rest.ts';
import { spokenInstant } from './schedule/time/spoken.ts';
import { isPlausible } from './schedule/watch.ts';
import { openSettings, type SettingsFile } from './settings.ts';
import { listFiles } from './tools/files/list.ts';
import { readFile } from './tools/files/read.ts';
import { createSearchFiles } from './tools/files/search.ts';
import { writeFile } from './tools/files/write.ts';
import { createSandbox } from './tools/sandbox/sandbox.ts';
import { createRunCommand } from './tools/shell/command.ts';
import type { Tool } from './tools/tool.ts';
import { composeWork, type Work } from './work.ts';

type Options = {
  /** The data folder, absolute; made if missing. */
  readonly data: string;
  readonly host: 'electron' | 'stand-in' | 'node';
  /** The system's language tag. */
  readonly locale: string;
  /** What the operating system offers to encrypt keys; null where it offers nothing. */
  readonly keychain: Keychain | null;
  /** What needs a desktop; null on the command line. */
  readonly desktop: Dialogs | null;
  /** What feeds the computer, how warm it is, when it slept. */
  readonly power: Power;
  /** Starts the process in which local models run. */
  readonly startEngine: StartChild;
  /** False answers requests but works on nothing: a look that is over in a moment must not begin what it would cut off. True if not given. */
  readonly works?: boolean;
};

/** How long a removed conversation can be brought back, in milliseconds. */
const undoPeriod = 7 * 24 * 3_600_000;

/** Throws a FaultError when the data folder can't be used (in use, read-only, full, newer, damaged). */
export async function compose(options: Options) {
  const { data } = options;
  const now = Date.now;
  const db = openJournal(data);
  const log = createLog(join(data, 'logs'), now);
  const { announce, subscribe } = createBus(log);
  const settings = openSettings(join(data, 'settings.json'), log);
  const gate = createGate({ offline: () => settings.current().offline, record: createLedger(join(data, 'egress.jsonl')), now });
  const engine = await openEngine(settings.current(), options.startEngine);
  const models = createModels({
    folder: join(data, 'models'),
    file: join(data, 'models.json'),
    current: { get: () => settings.current().model, set: (model) => announce({ type: 'settings.changed', settings: settings.change({ model }) }) },
    starter: starterFile(),
    secrets: createSecretStore({ file: join(data, 'keys.json'), keychain: options.keychain }),
    gate,
    openLocal: (entry) => openLocalModel({ ...settings.current(), ...entry, engine, starter: { now, instantOf: spokenInstant } }),
    checkGguf: usableFile,
    now,
    announce,
    env: process.env,
  });
  const sandbox = createSandbox({ data });
  const work = composeWork({
    db,
    log,
    tools: [readFile, writeFile, listFiles, createSearchFiles(), createRunCommand(sandbox)] as unknown as readonly Tool[],
    scratch: join(data, 'runs'),
    now,
    announce,
    language: () => languageFor(settings.current().language, options.locale),
    roomFor: (run) => models.room(run.model, work.threads.peek(run.conversation)?.model ?? null),
    resting: () => rest.reason(),
    openModel: (run) => models.open(run.model, work.threads.peek(run.conversation)?.model ?? null),
  });
  const rest = attend(options.power, settings, { announce, subscribe }, log, () => work);
  const notices = [...settings.notices, ...models.notices, ...wrongClock(now()), ...(options.host === 'node' ? [] : sandbox.lacks())];
  const app = { version, host: options.host, platform: process.platform, data, locale: options.locale };
  const doctor = (): ReturnType<typeof examine> => examine({ db, data, models, sandbox, settings: settings.current(), startEngine: options.startEngine });
  const handlers = createHandlers({ ...work, models, settings, desktop: options.desktop, app, notices, resting: rest.reason, doctor, announce });
  const socket = await serveSocket({ path: socketPath(data), handlers, subscribe, log });
  work.threads.purge(now() - undoPeriod);
  if (options.works !== false) for (const part of [work.worker, work.clock, work.memory]) part.start();
  if (options.host !== 'node') void readAhead(models, work.prefix, log);
  log.info('app.started', { host: options.host, version });

  /** Puts runs back in the queue at a recorded step and closes everything in reverse order. May be called twice. */
  const close = once(async () => {
    rest.stop();
    await work.clock.stop();
    work.memory.stop();
    await socket.close();
    await work.worker.close();
    await models.close();
    await engine.close();
    db.close();
    log.info('app.closed');
  });
  return { handlers, subscribe, untilIdle: work.worker.untilIdle, close };
}

function wrongClock(time: number): Fault[] {
  return isPlausible(time) ? [] : [fault('app.clock-wrong', { year: new Date(time).getUTCFullYear() })];
}

/** Work in the background rests on battery and the like. Falling asleep needs nothing done, as every step is on disk; waking settles what passed. */
function attend(power: Power, settings: SettingsFile, { announce, subscribe }: ReturnType<typeof createBus>, log: Log, work: () => Work): RestWatch {
  const onChange = (resting: Rest | null): void => {
    announce({ type: 'rest.changed', resting });
    work().worker.wake();
  };
  const rest = watchRest({ settings: settings.current, power, now: Date.now, onChange });
  const deafen = [
    subscribe(({ type }) => type === 'settings.changed' && rest.look()),
    power.subscribe((event) => {
      log.info(`power.${event}`);
      if (event !== 'woke') return;
      work().clock.wake();
      work().worker.wake();
    }),
  ];
  return { ...rest, stop: () => [rest.stop, ...deafen].map((end) => end()) };
}

/** Beside the sources, or two folders above what was built from them. */
function starterFile(): string | null {
  const places = ['..', join('..', '..')].map((up) => join(import.meta.dirname, up, 'local-models', 'starter', 'starter.gguf'));
  return places.find((place) => existsSync(place)) ?? null;
}

async function openEngine({ engine }: Settings, startEngine: StartChild): Promise<Engine> {
  // Loaded only where it is asked for: llama.cpp's library costs every start 0.3 s and 30 MB.
  return engine === 'main' ? (await import('../local-models/llama.ts')).createEngine() : createSupervisedEngine(startEngine);
}

/** In the window the first answer should not wait for the model to load and the prefix to be read. */
async function readAhead(models: Models, prefix: Work['prefix'], log: Log): Promise<void> {
  const current = models.list().find((one) => one.current && one.kind === 'local' && one.fault === null);
  if (current === undefined) return;
  try {
    const model = await models.open(current.id);
    await model.prefill({ sequence: 'start', ...prefix(model.profile.tier) });
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    log.warn('model.read-ahead', { code: error.fault.code });
  }
}

function createBus(log: Log) {
  const listeners = new Set<Listener>();
  return {
    announce: (event: Event): void => {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          log.error('listener.defect', error, { event: event.type });
        }
      }
    },
    /** Every event from now on; returns how to stop listening. */
    subscribe: (listener: Listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

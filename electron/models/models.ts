// The models this person has set up: which there are, which one is used, and the open ones.
import { existsSync, rmSync, statSync } from 'node:fs';
import type { Event } from '../contract/event.ts';
import { FaultError, fault } from '../contract/fault.ts';
import type { ModelId } from '../contract/id.ts';
import { type Download, type ModelEntry, type RemoteInput, starterId } from '../contract/model.ts';
import { type Catalogue, freshId, type Listed, openCatalogue, type RemoteListed } from './catalogue.ts';
import { chooseModel, roomOf } from './dispatch.ts';
import { readAddress } from './download/address.ts';
import { createDownloads } from './download/download.ts';
import type { Model } from './model.ts';
import { keyMissing, openRemote, tryRemote } from './remote/open.ts';
import type { RemoteParts } from './remote/remote.ts';
import { openScript } from './scripted.ts';
import type { SecretStore } from './secrets.ts';

export type ModelsParts = {
  /** Where downloads go, and the list's file. */
  readonly folder: string;
  readonly file: string;
  /** The model that is used where none was asked for, as the settings hold it. */
  readonly current: { get(): ModelId | null; set(id: ModelId | null): void };
  /** The file of the model that comes with Nacre; null where it is not there. It answers where no other was chosen. */
  readonly starter: string | null;
  readonly secrets: SecretStore;
  readonly gate: { readonly offline: () => boolean; fetchFor(purpose: 'model.reply' | 'model.check' | 'model.download', run?: string | null): typeof fetch };
  readonly openLocal: (entry: { readonly id: ModelId; readonly name: string; readonly path: string }) => Promise<Model>;
  /** Throws a FaultError where the file is no usable GGUF. */
  readonly checkGguf: (path: string) => Promise<{ readonly name: string; readonly bytes: number }>;
  readonly now: () => number;
  readonly announce: (event: Event) => void;
  /** Read for keys, for NACRE_SCRIPT (a script's path) and for HF_ENDPOINT (another hub). */
  readonly env: NodeJS.ProcessEnv;
};

const starter: ModelEntry = { id: starterId, name: 'Starter', kind: 'local', source: '', model: '', bytes: 0, current: false, fault: null };
const script: ModelEntry = { ...starter, id: 'scripted:script', name: 'Script', kind: 'scripted' };

export type Models = ReturnType<typeof createModels>;

export function createModels(parts: ModelsParts) {
  const { current } = parts;
  const shelf = createShelf(parts);
  const opened = createOpened(parts, shelf.catalogue);
  const downloads = downloadsTo(shelf, parts);
  const choose = (wanted: readonly (ModelId | null)[]) =>
    chooseModel([...wanted, currentOf(parts), parts.starter === null ? null : starter.id], shelf.list(), parts.gate.offline());
  return {
    /** What to tell the person once at start. */
    notices: shelf.catalogue.notices,
    list: shelf.list,
    stopDownload: downloads.stop,
    /** The model that `open` would take, and how many runs beside chat it can hold; null where there is none. */
    room: (...wanted: readonly (ModelId | null)[]): { readonly model: ModelId; readonly runs: number } | null => {
      const choice = choose(wanted);
      return choice.ok ? { model: choice.value.id, runs: roomOf(choice.value) } : null;
    },
    /** The first of `wanted` that is not null, else the current one. The same object each time; it is closed by `remove` and `close`. Throws a FaultError. */
    open: async (...wanted: readonly (ModelId | null)[]): Promise<Model> => {
      const choice = choose(wanted);
      if (!choice.ok) throw new FaultError(choice.fault);
      return opened.open(choice.value);
    },
    /** A file is listed at once, where it lies; an address answers with a download that goes on by itself. Throws a FaultError. */
    async importFrom(source: string, name = ''): Promise<{ model: ModelEntry | null; download: Download | null }> {
      const address = readAddress(source);
      if (address.type !== 'file') return { model: null, download: downloads.start(source, address, name) };
      const checked = await parts.checkGguf(address.path);
      return { model: shelf.keepFile(address.path, name || checked.name, checked.bytes, false), download: null };
    },
    /** Under a name that a remote model has already, it replaces that one. Throws a FaultError; then nothing was kept. */
    async addRemote(input: RemoteInput & { readonly check: boolean }): Promise<ModelEntry> {
      const listed = await accepted(input, parts, shelf.catalogue);
      await opened.close(listed.id);
      if (input.key) parts.secrets.set(listed.id, input.key);
      else parts.secrets.remove(listed.id);
      return shelf.keep(listed);
    },
    use(id: ModelId): ModelEntry {
      found(shelf.list(), id);
      current.set(id);
      return found(shelf.changed(), id);
    },
    /** Forgets the model, its key, and its file if we downloaded it. */
    async remove(id: ModelId): Promise<void> {
      const listed = shelf.catalogue.all().find((one) => one.id === id);
      if (listed === undefined) throw new FaultError(fault('model.missing', { id }));
      await opened.close(id);
      if (listed.kind === 'local' && listed.owned) rmSync(listed.path, { force: true });
      else parts.secrets.remove(id);
      shelf.catalogue.remove(id);
      if (current.get() === id) current.set(null);
      shelf.changed();
    },
    async close(): Promise<void> {
      await downloads.close();
      await opened.closeAll();
    },
  };
}

function downloadsTo(shelf: ReturnType<typeof createShelf>, parts: ModelsParts) {
  return createDownloads({
    folder: parts.folder,
    fetch: parts.gate.fetchFor('model.download'),
    hub: (parts.env['HF_ENDPOINT'] || 'https://huggingface.co').replace(/\/+$/, ''),
    check: parts.checkGguf,
    keep: (path, name, bytes) => void shelf.keepFile(path, name, bytes, true),
    announce: (download) => parts.announce({ type: 'download.changed', download }),
  });
}

/** The list as it is kept and shown; every change is announced. */
function createShelf(parts: ModelsParts) {
  const catalogue = openCatalogue(parts.file, parts.now);
  const list = (): ModelEntry[] => entriesOf(parts, catalogue.all());

  function changed(): ModelEntry[] {
    const models = list();
    parts.announce({ type: 'models.changed', models });
    return models;
  }

  /** The first model a person adds is the one that answers from then on. */
  function keep(listed: Listed): ModelEntry {
    catalogue.put(listed);
    if (!catalogue.all().some(({ id }) => id === parts.current.get())) parts.current.set(listed.id);
    return found(changed(), listed.id);
  }

  function keepFile(path: string, name: string, bytes: number, owned: boolean): ModelEntry {
    const known = catalogue.all().find((one) => one.kind === 'local' && one.path === path);
    return keep({
      id: known?.id ?? freshId('local', name, [starter, ...catalogue.all()]),
      kind: 'local',
      name,
      path,
      bytes,
      owned: known?.kind === 'local' ? known.owned : owned,
    });
  }

  return { catalogue, list, changed, keep, keepFile };
}

/** The open models: each is opened once, when it is first asked for. */
function createOpened(parts: ModelsParts, catalogue: Catalogue) {
  const models = new Map<ModelId, Promise<Model>>();

  async function begin({ id }: ModelEntry): Promise<Model> {
    const listed = catalogue.all().find((one) => one.id === id);
    if (listed?.kind === 'local') return parts.openLocal({ id, name: listed.name, path: listed.path });
    if (listed !== undefined) return openRemote(listed, remoteParts(parts, listed, 'model.reply', null));
    if (id === starter.id) return parts.openLocal({ id, name: starter.name, path: parts.starter ?? '' });
    return openScript(parts.env['NACRE_SCRIPT'] ?? '');
  }

  async function close(id: ModelId): Promise<void> {
    const model = models.get(id);
    models.delete(id);
    await (await model?.catch(() => undefined))?.close();
  }

  return {
    close,
    closeAll: async () => void (await Promise.all([...models.keys()].map(close))),
    open(entry: ModelEntry): Promise<Model> {
      const model = models.get(entry.id) ?? begin(entry);
      models.set(entry.id, model);
      model.catch(() => models.delete(entry.id));
      return model;
    },
  };
}

/** Checked as far as the person wants it; nothing is kept yet. */
async function accepted(input: RemoteInput & { readonly check: boolean }, parts: ModelsParts, catalogue: Catalogue): Promise<RemoteListed> {
  const { name, kind, baseUrl, model } = input;
  demandAddress(baseUrl);
  if (input.key && parts.secrets.kind === 'file' && !input.plainKey) throw new FaultError(fault('secret.unavailable'));
  const id = catalogue.all().find((one) => one.kind !== 'local' && one.name === name)?.id ?? freshId('remote', name, catalogue.all());
  const listed: RemoteListed = {
    id,
    kind,
    name,
    baseUrl,
    model,
    keyEnv: input.key ? null : (input.keyEnv ?? null),
    contextTokens: input.contextTokens ?? null,
  };
  const problem = input.check
    ? (keyMissing(listed, parts.env) ?? (await tryRemote(listed, remoteParts(parts, listed, 'model.check', input.key || null))))
    : null;
  if (problem !== null) throw new FaultError(problem);
  return listed;
}

function demandAddress(address: string): void {
  if (!/^https?:\/\/[^/]/i.test(address) || !URL.canParse(address)) throw new FaultError(fault('model.bad-address', { address }));
  const { username, password } = new URL(address);
  if (username || password) throw new FaultError(fault('model.address-password'));
}

function remoteParts(parts: ModelsParts, { id, keyEnv }: RemoteListed, purpose: 'model.reply' | 'model.check', given: string | null): RemoteParts {
  const kept = (): string | null => (purpose === 'model.check' ? null : parts.secrets.get(id));
  return { key: () => given ?? (keyEnv === null ? kept() : (parts.env[keyEnv] ?? null)), fetchFor: (run) => parts.gate.fetchFor(purpose, run), now: parts.now };
}

function entriesOf(parts: ModelsParts, models: readonly Listed[]): ModelEntry[] {
  const current = currentOf(parts);
  const own = parts.starter === null ? [] : [{ ...starter, source: parts.starter, bytes: statSync(parts.starter).size }];
  const scripted = parts.env['NACRE_SCRIPT'] ? [script] : [];
  return [...models.map((listed) => entryOf(listed, parts.env)), ...own, ...scripted].map((entry) => ({ ...entry, current: entry.id === current }));
}

function entryOf(listed: Listed, env: NodeJS.ProcessEnv): ModelEntry {
  const { id, name, kind } = listed;
  if (listed.kind !== 'local') return { id, name, kind, source: listed.baseUrl, model: listed.model, bytes: 0, current: false, fault: keyMissing(listed, env) };
  const { path, bytes } = listed;
  return { id, name, kind, source: path, model: '', bytes, current: false, fault: existsSync(path) ? null : fault('model.gone', { name, path }) };
}

/** A script answers where nothing else was chosen: whoever sets NACRE_SCRIPT wants it to. */
function currentOf({ current, env }: ModelsParts): ModelId | null {
  return current.get() ?? (env['NACRE_SCRIPT'] ? script.id : null);
}

function found(models: readonly ModelEntry[], id: ModelId): ModelEntry {
  const entry = models.find((model) => model.id === id);
  if (entry === undefined) throw new FaultError(fault('model.missing', { id }));
  return entry;
}

// `nacre model`: which models there are, and adding, choosing and removing them.
import { FaultError, fault } from '../../contract/fault.ts';
import type { Download, ModelEntry } from '../../contract/model.ts';
import { fill } from '../../contract/tell.ts';
import { exitCode, usageError } from '../exit.ts';
import { type Session, showAll } from '../session.ts';
import { findModel } from './find.ts';

export type RemoteOptions = {
  readonly baseUrl: string;
  readonly model: string;
  readonly anthropic?: boolean;
  readonly key?: string;
  readonly keyEnv?: string;
  readonly check?: boolean;
};

export async function listModels(session: Session): Promise<void> {
  const { models } = await session.client.request('model.list', {});
  showAll(session, 'model', models, row);
}

/** A download is waited for; Ctrl-C stops it and keeps what was fetched. */
export async function importModel(session: Session, source: string): Promise<number> {
  const { client, terminal, texts } = session;
  const early: Download[] = [];
  const leave = client.subscribe((event) => event.type === 'download.changed' && early.push(event.download));
  const { model, download } = await client.request('model.import', { source });
  leave();
  if (download !== null) {
    const ended = await awaitDownload(session, download, early);
    if (ended.fault !== null) throw new FaultError(ended.fault);
    if (ended.state === 'stopped') {
      terminal.say(texts.downloadStopped);
      return exitCode.failed;
    }
  }
  terminal.line({ type: 'model', model });
  terminal.note(fill(texts.imported, { id: model?.id ?? source }));
  return exitCode.done;
}

export async function addRemote({ client, terminal, texts }: Session, name: string, options: RemoteOptions): Promise<void> {
  const { key, keyEnv } = options;
  if (key !== undefined && keyEnv !== undefined) throw usageError('Give either --key or --key-env, not both.');
  const model = await client.request('model.add-remote', {
    name,
    kind: options.anthropic === true ? 'anthropic' : 'openai',
    baseUrl: options.baseUrl,
    model: options.model,
    plainKey: true,
    check: options.check === true,
    key,
    keyEnv,
  });
  terminal.show({ type: 'model', model }, row(model));
  if (key !== undefined && (await client.request('app.state', {})).host !== 'electron') terminal.say(texts.keyInFile);
}

export async function chooseModel({ client, terminal, texts }: Session, named: string): Promise<void> {
  const model = await client.request('model.use', { model: (await findModel(client, named)).id });
  terminal.line({ type: 'model', model });
  terminal.note(fill(texts.nowUsed, { id: model.id }));
}

export async function removeModel({ client, terminal, texts }: Session, named: string): Promise<void> {
  const model = await findModel(client, named);
  await client.request('model.remove', { model: model.id });
  terminal.line({ type: 'model.removed', model: model.id });
  terminal.note(fill(texts.removed, { id: model.id }));
}

function awaitDownload({ client, terminal, texts, signals }: Session, started: Download, early: readonly Download[]): Promise<Download> {
  let said = '';
  return new Promise<Download>((resolve, reject) => {
    const take = (download: Download): void => {
      if (download.id !== started.id) return;
      terminal.line({ type: 'download.changed', download });
      const text = fill(texts.downloading, { received: megabytes(download.received), total: download.total === null ? '?' : megabytes(download.total) });
      if (text !== said) terminal.note(text);
      said = text;
      if (download.state !== 'running') resolve(download);
    };
    signals.onInterrupt(() => void client.request('model.stop-download', { download: started.id }).catch(reject));
    client.onRenewed(() => reject(new FaultError(fault('app.link-lost'))));
    client.subscribe((event) => event.type === 'download.changed' && take(event.download));
    for (const download of [started, ...early]) take(download);
  }).finally(() => signals.onInterrupt(null));
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function row({ id, name, current, source, fault }: ModelEntry): string {
  return `${current ? '*' : ' '} ${id}\t${name}\t${source}${fault === null ? '' : `\t${fault.message}`}`;
}

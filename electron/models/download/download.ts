// Downloads of models: each runs in the background, tells how far it is, and can be stopped and taken up again.
import { type Fault, FaultError, fault } from '../../contract/fault.ts';
import type { Download } from '../../contract/model.ts';
import { known, messageOf } from '../fault/reach.ts';
import { fetchModel, type JobParts, type WebAddress } from './job.ts';

export type DownloadParts = Omit<JobParts, 'limits'> & {
  readonly announce: (download: Download) => void;
  /** In milliseconds; `everyMs` lies between two announcements of progress. */
  readonly limits?: JobParts['limits'] & { readonly everyMs: number };
};

const usualLimits = { silenceMs: 60_000, firstWaitMs: 1000, everyMs: 250 };

type Running = { download: Download; announcedAt: number; ended: Promise<void>; readonly stop: AbortController };

export function createDownloads(parts: DownloadParts) {
  const limits = parts.limits ?? usualLimits;
  const running = new Map<string, Running>();
  let started = 0;

  /** Progress is announced at most once per interval. One that has ended is forgotten before that is announced, so that who hears it can start it again. */
  function show(one: Running, change: Partial<Download>): void {
    one.download = { ...one.download, ...change };
    const now = performance.now();
    if (change.state === undefined && now - one.announcedAt < limits.everyMs) return;
    one.announcedAt = now;
    if (change.state !== undefined) running.delete(one.download.id);
    parts.announce(one.download);
  }

  async function work(one: Running, address: WebAddress, name: string): Promise<void> {
    const { signal } = one.stop;
    try {
      await fetchModel({ ...parts, limits }, address, name, signal, (received, total) => show(one, { received, total }));
      show(one, { state: 'done' });
    } catch (error) {
      if (signal.aborted) show(one, { state: 'stopped' });
      else show(one, { state: 'failed', fault: faultOf(error, new URL(address.type === 'web' ? address.url : parts.hub).host) });
    }
  }

  return {
    /** Begins in the background; a source that is being downloaded already is not begun twice. */
    start(source: string, address: WebAddress, name: string): Download {
      for (const { download } of running.values()) if (download.source === source) return download;
      const download: Download = { id: `d${process.pid}-${++started}`, source, received: 0, total: null, state: 'running', fault: null };
      const one: Running = { download, announcedAt: Number.NEGATIVE_INFINITY, ended: Promise.resolve(), stop: new AbortController() };
      running.set(download.id, one);
      one.ended = work(one, address, name);
      return download;
    },
    /** What was fetched stays, and the same source goes on from there. */
    stop: (id: string): void => running.get(id)?.stop.abort(),
    /** Stops all and waits until nothing is written any more. */
    async close(): Promise<void> {
      const all = [...running.values()];
      for (const { stop } of all) stop.abort();
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

function faultOf(error: unknown, host: string): Fault {
  if (error instanceof FaultError) return error.fault;
  return known(host, error) ?? fault('model.download-failed', { host, reason: messageOf(error) }, { retry: true });
}

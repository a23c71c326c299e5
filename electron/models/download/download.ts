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

export function createDownloads(parts: DownloadParts) {
  const limits = parts.limits ?? usualLimits;
  const running = new Map<string, { download: Download; readonly stop: AbortController; readonly ended: Promise<void> }>();
  let started = 0;

  /** One that has ended is forgotten before that is announced, so that who hears it can start it again. */
  function announce(download: Download): void {
    const one = running.get(download.id);
    if (download.state !== 'running') running.delete(download.id);
    else if (one !== undefined) one.download = download;
    parts.announce(download);
  }

  return {
    /** Begins in the background; a source that is being downloaded already is not begun twice. */
    start(source: string, address: WebAddress, name: string): Download {
      for (const { download } of running.values()) if (download.source === source) return download;
      const download: Download = { id: `d${process.pid}-${++started}`, source, received: 0, total: null, state: 'running', fault: null };
      const stop = new AbortController();
      const ended = work({ ...parts, limits }, address, name, stop.signal, createShow(download, limits.everyMs, announce));
      running.set(download.id, { download, stop, ended });
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

async function work(parts: JobParts, address: WebAddress, name: string, signal: AbortSignal, show: Show): Promise<void> {
  try {
    await fetchModel(parts, address, name, signal, (received, total) => show({ received, total }));
    show({ state: 'done' });
  } catch (error) {
    if (signal.aborted) show({ state: 'stopped' });
    else show({ state: 'failed', fault: faultOf(error, new URL(address.type === 'web' ? address.url : parts.hub).host) });
  }
}

type Show = (change: Partial<Download>) => void;

/** Announces progress at most once per interval, and everything else at once. */
function createShow(first: Download, everyMs: number, announce: (download: Download) => void): Show {
  let download = first;
  let announcedAt = Number.NEGATIVE_INFINITY;
  return (change) => {
    download = { ...download, ...change };
    const now = performance.now();
    if (change.state === undefined && now - announcedAt < everyMs) return;
    announcedAt = now;
    announce(download);
  };
}

function faultOf(error: unknown, host: string): Fault {
  if (error instanceof FaultError) return error.fault;
  return known(host, error) ?? fault('model.download-failed', { host, reason: messageOf(error) }, { retry: true });
}

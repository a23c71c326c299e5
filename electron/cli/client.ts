// One way to ask Nacre, whoever holds the data: this process, or another one over its socket. Outlives the other's end.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNodeChild } from '../../local-models/node-child.ts';
import { compose } from '../compose.ts';
import type { Listener } from '../contract/event.ts';
import { type Fault, FaultError, fault, type Reply } from '../contract/fault.ts';
import type { RequestInput, RequestName, RequestOutput } from '../contract/request.ts';
import { readPower } from '../desktop/power/power.ts';
import { socketPath } from '../ipc/address.ts';
import { answer } from '../ipc/answer.ts';
import { connectSocket, LinkLost } from '../ipc/connect.ts';
import { createLog, type Log } from '../log.ts';

export type Client = Awaited<ReturnType<typeof openClient>>;

type Reach = Pick<Client, 'request' | 'subscribe' | 'notices' | 'close'> & { onClose(listener: () => void): void };
type Place = {
  readonly data: string;
  readonly locale: string;
  /** Whether this process works on runs while it holds the data. */
  readonly works: boolean;
};

/** How long another Nacre may take to start or to close before we give up, in milliseconds. */
const patience = 8000;
const pause = 100;

/** Requests that are not sent twice: the first may have been carried out. Posts carry a key instead. */
const onlyOnce: ReadonlySet<RequestName> = new Set(['model.import', 'model.add-remote', 'conversation.retry', 'memory.undo']);

/** Opens the data, or finds who has. Rejects with a FaultError where neither can be done. */
export async function openClient(place: Place) {
  const listeners = new Set<Listener>();
  const renewals = new Set<() => void>();
  // Made when there is something to write: the folder may turn out to be unusable.
  const log = (): Log => createLog(join(place.data, 'logs'), Date.now);
  let closing = false;
  let reach = attach();
  await reach;

  async function attach(): Promise<Reach> {
    const found = await reachData(place, log);
    found.subscribe((event) => {
      for (const listener of listeners) listener(event);
    });
    found.onClose(renew);
    return found;
  }

  function renew(): void {
    if (closing) return;
    log().info('client.link-lost');
    reach = sleep(pause).then(attach);
    const tell = (): void => {
      for (const listener of renewals) listener();
    };
    reach.then(tell, tell);
  }

  return {
    /** Rejects with a FaultError. Waits while the data changes hands and asks again where that is safe. */
    request: async <N extends RequestName>(name: N, payload: RequestInput<N>): Promise<RequestOutput<N>> => {
      for (;;) {
        const current = await reach;
        try {
          return await current.request(name, payload);
        } catch (error) {
          if (!(error instanceof LinkLost)) throw error;
          if (closing || onlyOnce.has(name)) throw new FaultError(fault('app.link-lost'));
          // The link may be known to be lost before its end is told: then `reach` is still the old one, and asking at once would never let that be heard.
          await sleep(pause);
        }
      }
    },
    /** Events from now on, whoever holds the data; those between two holders are missed. */
    subscribe: (listener: Listener) => listen(listeners, listener),
    /** Called when the data has changed hands, or could not be reached again: ask for what may have been missed. */
    onRenewed: (listener: () => void) => listen(renewals, listener),
    /** What must be said once, such as that damaged settings were set aside. Whoever holds the data says it, so there is nothing to say for others. */
    notices: async (): Promise<readonly Fault[]> => (await reach).notices(),
    close: async (): Promise<void> => {
      closing = true;
      await (await reach.catch(() => null))?.close();
    },
  };
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

async function reachData(place: Place, log: () => Log): Promise<Reach> {
  const deadline = performance.now() + patience;
  for (;;) {
    const own = await openData(place, log);
    if (!(own instanceof FaultError)) return own;
    const link = await connectSocket(socketPath(place.data));
    if (link !== null) return { ...link, notices: async () => [], close: async () => link.close() };
    if (performance.now() > deadline) throw own;
    await sleep(pause);
  }
}

/** The data in our own hands, served to others meanwhile; or the fault that says someone else has it. */
async function openData({ data, locale, works }: Place, log: () => Log): Promise<Reach | FaultError> {
  try {
    const { handlers, subscribe, close } = await compose({
      data,
      host: 'node',
      locale,
      keychain: null,
      desktop: null,
      power: readPower(),
      startEngine: startNodeChild(engineEntry(import.meta.dirname)),
      works,
    });
    const opened = log();
    const request = async <N extends RequestName>(name: N, payload: RequestInput<N>): Promise<RequestOutput<N>> => {
      const reply = (await answer(handlers, opened, name, payload)) as Reply<RequestOutput<N>>;
      if (!reply.ok) throw new FaultError(reply.fault);
      return reply.value;
    };
    return {
      request,
      subscribe,
      notices: async () => (await request('app.state', {})).notices,
      onClose: () => undefined,
      close,
    };
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'app.data-in-use') return error;
    throw error;
  }
}

/** The built engine lies beside the built command, whose parts are one folder further down; the sources have their own places. */
function engineEntry(here: string): string {
  const built = [here, dirname(here)].map((folder) => join(folder, 'engine.js')).find((file) => existsSync(file));
  return built ?? join(here, '../../local-models/child.ts');
}

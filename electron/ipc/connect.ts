// The other end of the local socket: asks a running Nacre instead of opening its data.
import { createConnection, type Socket } from 'node:net';
import { Event, type Listener } from '../contract/event.ts';
import { FaultError, fault, type Reply } from '../contract/fault.ts';
import { type RequestInput, type RequestName, type RequestOutput, requests } from '../contract/request.ts';
import { addresses, isPrivate } from './address.ts';
import { createLineReader } from './lines.ts';

/** The process at the other end closed or died. */
export class LinkLost extends Error {
  constructor() {
    super('The other Nacre closed the connection.');
    this.name = 'LinkLost';
  }
}

/** A thread may hold many long messages, so replies may be longer than requests. */
const maxReplyBytes = 256_000_000;

/** Null where nobody serves this data folder. `path` is what `socketPath` gives. */
export async function connectSocket(path: string) {
  for (const address of addresses(path)) {
    const elsewhere = process.platform !== 'win32' && address !== path;
    const socket = elsewhere && !isPrivate(address) ? null : await open(address);
    if (socket !== null) return createLink(socket);
  }
  return null;
}

function open(address: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createConnection(address);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

function createLink(socket: Socket) {
  const pending = new Map<number, { readonly resolve: (reply: unknown) => void; readonly reject: (error: Error) => void }>();
  const listeners = new Set<Listener>();
  let lastId = 0;
  let subscribed = false;
  let lost: (() => void) | null = null;
  const read = createLineReader((value) => {
    const id = value?.['id'];
    if (typeof id === 'number') {
      pending.get(id)?.resolve(value?.['reply']);
      pending.delete(id);
      return;
    }
    const event = Event.safeParse(value?.['event']);
    if (event.success) for (const listener of listeners) listener(event.data);
  }, maxReplyBytes);
  socket.on('data', (chunk) => {
    if (!read(chunk)) socket.destroy();
  });
  // 'close' always follows and tells everybody.
  socket.on('error', () => socket.destroy());
  socket.once('close', () => {
    for (const { reject } of pending.values()) reject(new LinkLost());
    pending.clear();
    lost?.();
  });
  const send = (line: object): void => void (socket.writable && socket.write(`${JSON.stringify(line)}\n`));
  return {
    /** Rejects with a FaultError where the answer is a fault, and with LinkLost where the other side went away: it may or may not have acted. */
    request: async <N extends RequestName>(name: N, payload: RequestInput<N>): Promise<RequestOutput<N>> => {
      if (!socket.writable) throw new LinkLost();
      const reply = await new Promise<unknown>((resolve, reject) => {
        lastId += 1;
        pending.set(lastId, { resolve, reject });
        send({ id: lastId, request: name, payload });
      });
      return outputOf(name, reply);
    },
    /** Events from now on: requests made after this call are seen. */
    subscribe: (listener: Listener) => {
      listeners.add(listener);
      if (!subscribed) send({ subscribe: true });
      subscribed = true;
      return () => void listeners.delete(listener);
    },
    /** Called once when the link is gone, at once if it is already; not after `close`. */
    onClose: (listener: () => void): void => {
      if (socket.closed) listener();
      else lost = listener;
    },
    close: (): void => {
      lost = null;
      socket.destroy();
    },
  };
}

/** The other side may be another version of Nacre, so what it says is checked like any other input. */
function outputOf<N extends RequestName>(name: N, answered: unknown): RequestOutput<N> {
  const reply = answered as Reply<unknown>;
  if (reply?.ok === false) throw new FaultError(reply.fault);
  const value = requests[name].output.safeParse(reply?.ok === true ? reply.value : undefined);
  if (!value.success) throw new FaultError(fault('app.defect', { detail: `${name}: the other Nacre answered in an unknown form` }));
  return value.data as RequestOutput<N>;
}

// The contract over a local socket, for the command line: {id, request, payload} in, {id, reply} out, and {event} after {subscribe: true}.
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Listener } from '../contract/event.ts';
import { fault } from '../contract/fault.ts';
import type { Handlers } from '../contract/request.ts';
import type { Log } from '../log.ts';
import { addresses, isPrivate, makePrivate } from './address.ts';
import { answer } from './answer.ts';
import { createLineReader } from './lines.ts';

export type SocketOptions = {
  /** What `socketPath` gives for the data folder. */
  readonly path: string;
  readonly handlers: Handlers;
  readonly subscribe: (listener: Listener) => () => void;
  readonly log: Log;
};

/** A client that leaves this many bytes unread is dropped, so that it can't fill our memory. */
const maxUnsentBytes = 32_000_000;
const maxClients = 64;
/** Requests of one client being answered at a time; more wait in the socket. */
const maxOpenRequests = 64;
/** How long replies under way may take to leave when the socket closes, in milliseconds. */
const farewell = 300;

/**
 * Serves until closed; never rejects. Only the process that holds the data may call it, so what stands at the address is left over from a dead one.
 * `address` is where it listens; null where none could be had, which is logged and leaves the app without a command line beside it. `close` ends every
 * connection and removes the socket; call it before the data is closed: the next owner puts its own socket in the same place.
 * On Windows the pipe has Node's default access list: others may open it to read, which is why nothing is sent before a client asks.
 */
export async function serveSocket(options: SocketOptions) {
  const clients = new Set<Socket>();
  for (const address of addresses(options.path)) {
    const server = createServer((socket) => {
      clients.add(socket);
      socket.once('close', () => clients.delete(socket));
      serveClient(socket, options);
    });
    server.maxConnections = maxClients;
    try {
      await listen(server, address, address !== options.path);
      return { address, close: () => closeServer(server, clients) };
    } catch (error) {
      options.log.warn('socket.refused', { reason: error instanceof Error ? error.message : 'unknown' });
    }
  }
  options.log.error('socket.unavailable', 'no address could be listened at');
  return { address: null, close: () => Promise.resolve() };
}

async function listen(server: Server, address: string, elsewhere: boolean): Promise<void> {
  if (process.platform !== 'win32') {
    if (elsewhere) {
      makePrivate(address);
      if (!isPrivate(address)) throw new Error('the folder for the socket belongs to someone else');
    }
    rmSync(address, { force: true });
  }
  const listening = new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  // The file appears inside `listen`, before it returns: with this mask it never exists with wider rights than 0600.
  const mask = process.umask(0o177);
  try {
    server.listen(address);
  } finally {
    process.umask(mask);
  }
  await listening;
  server.on('error', () => server.close());
}

function serveClient(socket: Socket, { handlers, subscribe, log }: SocketOptions): void {
  let open = 0;
  let unsubscribe: (() => void) | null = null;
  const send = (line: object): void => {
    if (!socket.writable) return;
    if (socket.writableLength > maxUnsentBytes) {
      log.warn('socket.slow-client', { unsent: socket.writableLength });
      socket.destroy();
      return;
    }
    socket.write(`${JSON.stringify(line)}\n`);
  };
  const refuse = (reason: string): void => {
    socket.pause();
    socket.end(`${JSON.stringify({ fault: fault('request.invalid', { name: 'line', reason }) })}\n`, () => socket.destroy());
  };
  const respond = async (id: string | number, request: unknown, payload: unknown): Promise<void> => {
    open += 1;
    if (open >= maxOpenRequests) socket.pause();
    const reply = await answer(handlers, log, request, payload);
    open -= 1;
    if (open < maxOpenRequests) socket.resume();
    send({ id, reply });
  };
  const read = createLineReader((value) => {
    if (!socket.writable) return;
    const id = value?.['id'];
    if (value?.['subscribe'] === true) unsubscribe ??= subscribe((event) => send({ event }));
    else if (typeof id === 'number' || typeof id === 'string') void respond(id, value?.['request'], value?.['payload'] ?? {});
    else refuse('a line must be JSON with an id, a request and a payload');
  });
  socket.on('data', (chunk) => {
    if (!read(chunk)) refuse('a line may have at most 8 MB');
  });
  socket.on('error', (error) => log.info('socket.broken', { reason: error.message }));
  socket.once('close', () => unsubscribe?.());
}

async function closeServer(server: Server, clients: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of clients) socket.end();
  const impatience = setTimeout(() => {
    for (const socket of clients) socket.destroy();
  }, farewell);
  await closed;
  clearTimeout(impatience);
}

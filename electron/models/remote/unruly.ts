// For tests: a real server on this machine that answers as told, well or badly.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Asked = { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string };
export type Unruly = { readonly url: string; readonly host: string; readonly asked: Asked[]; readonly connections: () => number; close(): Promise<void> };
export type Answer = (response: ServerResponse, asked: Asked, nth: number) => void | Promise<void>;

/** Listens on 127.0.0.1; `nth` counts the requests from 1. */
export async function serve(answer: Answer): Promise<Unruly> {
  const asked: Asked[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const one: Asked = { url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
    asked.push(one);
    await answer(response, one, asked.length);
  }).on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://${host}`, host, asked, connections: () => connections, close };
}

/** Sends server-sent events; an object becomes `data: {…}`, with its `type` as the event's name where it has one. */
export function sendEvents(response: ServerResponse, events: readonly (object | string)[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) {
    const name = typeof event === 'object' && 'type' in event ? `event: ${String(event.type)}\n` : '';
    response.write(typeof event === 'string' ? event : `${name}data: ${JSON.stringify(event)}\n\n`);
  }
}

// The gate against real servers on this machine: what passes, what is refused, and what the ledger says about it.
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createGate } from './gate.ts';
import { createLedger, type LedgerLine } from './ledger.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<{ url: string; host: string; connections: () => number }> {
  let connections = 0;
  const server = createServer(answer).on('connection', () => connections++);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, connections: () => connections };
}

function open(offline = false) {
  const lines: LedgerLine[] = [];
  return { lines, fetch: createGate({ offline: () => offline, record: (line) => lines.push(line), now: () => 7 }).fetchFor('model.reply', 'c1') };
}

test('a request is in the ledger before it leaves and again, with its sizes, when its answer has been read', async () => {
  const { lines, fetch } = open();
  let before = 0;
  const { url, host } = await serve((_, response) => {
    before = lines.length;
    response.end('hello');
  });
  const response = await fetch(`${url}/v1`, { method: 'POST', body: 'äbc' });
  expect(await response.text()).toBe('hello');
  const line = { at: 7, exchange: lines[0]?.exchange, purpose: 'model.reply', run: 'c1', host, method: 'POST', sent: 4 };
  expect(lines).toEqual([
    { ...line, status: null, received: null },
    { ...line, status: 200, received: 5 },
  ]);
  expect(before).toBe(1);
});

test('offline, no socket is opened', async () => {
  const { url, host, connections } = await serve((_, response) => response.end());
  const { lines, fetch } = open(true);
  await expect(fetch(url)).rejects.toMatchObject({ fault: { code: 'network.offline', values: { host } } });
  expect([connections(), lines]).toEqual([0, []]);
});

test('a redirect is followed and recorded, and the key does not go along to another host', async () => {
  const seen: (string | undefined)[] = [];
  const target = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end('there');
  });
  const first = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(302, { location: `${target.url}/x` }).end();
  });
  const { lines, fetch } = open();
  expect(await (await fetch(first.url, { headers: { authorization: 'Bearer secret' } })).text()).toBe('there');
  expect(seen).toEqual(['Bearer secret', undefined]);
  expect(lines.filter((line) => line.status !== null).map((line) => [line.host, line.status])).toEqual([
    [first.host, 302],
    [target.host, 200],
  ]);
});

test('a redirect to another scheme and a circle of redirects are refused', async () => {
  const { url } = await serve((request, response) => response.writeHead(302, { location: request.url === '/file' ? 'file:///etc/passwd' : '/round' }).end());
  const { fetch } = open();
  await expect(fetch(`${url}/file`)).rejects.toThrow('redirects to a file: address');
  await expect(fetch(`${url}/round`)).rejects.toThrow('redirects in circles');
  await expect(fetch('ftp://127.0.0.1/')).rejects.toThrow();
});

test('a stopped request is in the ledger with what had come by then, and its socket is closed', async () => {
  let closed: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const { url } = await serve((request, response) => {
    response.write('half');
    request.socket.on('close', closed);
  });
  const { lines, fetch } = open();
  const stop = new AbortController();
  const reader = (await fetch(url, { signal: stop.signal })).body?.getReader();
  await reader?.read();
  stop.abort();
  await expect(reader?.read()).rejects.toThrow();
  await gone;
  expect(lines.at(-1)).toMatchObject({ status: 200, received: 4 });
});

test('a request that reaches no one ends in the ledger without a status', async () => {
  const { url, host } = await serve(() => undefined);
  const server = servers.pop();
  await new Promise((resolve) => server?.close(resolve));
  const { lines, fetch } = open();
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(lines.map((line) => [line.host, line.status, line.received])).toEqual([
    [host, null, null],
    [host, null, 0],
  ]);
});

test('the ledger is appended to, and one older file is kept when it grows too large', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nacre-ledger-')), 'egress.jsonl');
  const line: LedgerLine = { at: 1, exchange: '1.1', purpose: 'model.reply', run: null, host: 'h', method: 'GET', sent: 0, received: null, status: null };
  const ledger = createLedger(file, 300);
  for (let at = 1; at <= 5; at++) ledger({ ...line, at });
  const times = (path: string) =>
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).at);
  expect([times(`${file}.1`), times(file)]).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
});

test('what can not be recorded does not leave', async () => {
  const { url, connections } = await serve((_, response) => response.end());
  const ledger = createLedger(join(mkdtempSync(join(tmpdir(), 'nacre-ledger-')), 'no such folder', 'egress.jsonl'));
  const fetch = createGate({ offline: () => false, record: ledger, now: () => 7 }).fetchFor('model.reply');
  await expect(fetch(url)).rejects.toMatchObject({ fault: { code: 'app.data-read-only' } });
  expect(connections()).toBe(0);
});

// The local socket as clients meet it: real sockets, honest and rude ones.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Event, Listener } from '../contract/event.ts';
import { FaultError, fault } from '../contract/fault.ts';
import type { Handlers } from '../contract/request.ts';
import { Settings } from '../contract/setting.ts';
import { silentLog } from '../log.ts';
import { socketPath } from './address.ts';
import { connectSocket, LinkLost } from './connect.ts';
import { serveSocket } from './socket.ts';

let data: string;
let served: Awaited<ReturnType<typeof serveSocket>> | null = null;
let listeners: Set<Listener>;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'nacre-socket-'));
  listeners = new Set();
});
afterEach(async () => {
  await served?.close();
  served = null;
  rmSync(data, { recursive: true, force: true });
});

const settings = Settings.parse({});
const changed: Event = { type: 'settings.changed', settings };
const handlers = {
  'settings.change': (patch: object) => ({ ...settings, ...patch }),
  'task.show': () => {
    throw new FaultError(fault('task.missing', { id: 7 }));
  },
  'app.doctor': () => new Promise(() => undefined),
  'task.list': () => ({ tasks: 'not a list' }),
} as unknown as Handlers;

async function serve(folder = data): Promise<string> {
  const subscribe = (listener: Listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  served = await serveSocket({ path: socketPath(folder), handlers, subscribe, log: silentLog });
  return socketPath(folder);
}

async function connect(path: string) {
  const link = await connectSocket(path);
  if (link === null) throw new Error('nobody serves');
  return link;
}

function announce(event: Event): void {
  for (const listener of listeners) listener(event);
}

/** What a raw client gets back until the server ends the connection. */
async function say(path: string, bytes: string | Buffer): Promise<string> {
  const socket = createConnection(path);
  socket.on('error', () => undefined);
  let heard = '';
  socket.on('data', (chunk) => (heard += chunk.toString()));
  socket.write(bytes);
  await once(socket, 'close');
  return heard;
}

test('two clients at once each get their own answers, and both hear every event', async () => {
  const path = await serve();
  const [first, second] = [await connect(path), await connect(path)];
  const heard: string[] = [];
  first.subscribe((event) => heard.push(`first ${event.type}`));
  second.subscribe((event) => heard.push(`second ${event.type}`));
  const replies = await Promise.all([first.request('settings.change', { theme: 'dark' }), second.request('settings.change', { theme: 'light' })]);
  announce(changed);
  await first.request('settings.change', {});
  await second.request('settings.change', {});
  first.close();
  second.close();
  expect({ themes: replies.map((reply) => reply.theme), heard }).toEqual({
    themes: ['dark', 'light'],
    heard: ['first settings.changed', 'second settings.changed'],
  });
});

test('every script, emoji, NUL and lone surrogate crosses the socket unchanged', async () => {
  const link = await connect(await serve());
  const text = 'שלום 你好 👩‍👩‍👧 \u0000 \u2028 \n \ud800 end';
  const reply = await link.request('settings.change', { model: text });
  link.close();
  expect(reply.model).toBe(text);
});

test('a client hears nothing before it asks for events', async () => {
  const link = await connect(await serve());
  await link.request('settings.change', {});
  expect(listeners.size).toBe(0);
  link.close();
});

test('a client that leaves is not written to any more', async () => {
  const link = await connect(await serve());
  link.subscribe(() => undefined);
  await link.request('settings.change', {});
  link.close();
  await expect.poll(() => listeners.size).toBe(0);
});

test('a fault comes back as a fault, and an answer in an unknown form is refused', async () => {
  const link = await connect(await serve());
  await expect(link.request('task.show', { task: 7 })).rejects.toMatchObject({ fault: { code: 'task.missing' } });
  await expect(link.request('task.list', {})).rejects.toMatchObject({ fault: { code: 'app.defect' } });
  link.close();
});

test.each([
  ['noise', Buffer.from([0xff, 0x00, 0x0a])],
  ['a list', '[1]\n'],
  ['a request without an id', '{"request":"app.state"}\n'],
  ['a line without an end, larger than the limit', 'x'.repeat(8_000_001)],
])('a malformed line (%s) is answered with a fault and the connection is closed, for that client alone', async (_, bytes) => {
  const path = await serve();
  const other = await connect(path);
  const heard = await say(path, bytes);
  const reply = await other.request('settings.change', {});
  other.close();
  expect({ code: JSON.parse(heard).fault.code, reply }).toEqual({ code: 'request.invalid', reply: settings });
});

test('unknown requests and wrong payloads are faults and keep the connection', async () => {
  const socket = createConnection(await serve());
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk.toString();
  });
  socket.write('{"id":1,"request":"shell.run"}\n{"id":"b","request":"settings.change","payload":{"theme":7}}\n{"id":3,"request":"settings.change"}\n');
  await expect.poll(() => heard.split('\n').length).toBe(4);
  socket.destroy();
  const replies = heard.trim().split('\n');
  expect(replies.map((line) => JSON.parse(line)).map(({ id, reply }) => [id, reply.ok || reply.fault.code])).toEqual([
    [1, 'request.unknown'],
    ['b', 'request.invalid'],
    [3, true],
  ]);
});

test('a client that never reads is dropped instead of filling our memory', async () => {
  const path = await serve();
  const socket = createConnection(path);
  socket.on('error', () => undefined);
  socket.pause();
  socket.write('{"subscribe":true}\n');
  await expect.poll(() => listeners.size).toBe(1);
  const long: Event = { type: 'settings.changed', settings: { ...settings, model: 'x'.repeat(1_000_000) } };
  for (let sent = 0; sent < 60; sent += 1) announce(long);
  await expect.poll(() => listeners.size).toBe(0);
  socket.destroy();
});

test('requests under way fail as lost when the server goes away, and the client is told once', async () => {
  const link = await connect(await serve());
  let told = 0;
  link.onClose(() => (told += 1));
  const pending = link.request('app.doctor', {});
  pending.catch(() => undefined);
  await link.request('settings.change', {});
  await served?.close();
  await expect(pending).rejects.toThrow(LinkLost);
  await expect(link.request('settings.change', {})).rejects.toThrow(LinkLost);
  expect(told).toBe(1);
});

test('with nobody serving there is no link, and closing leaves no file behind', async () => {
  expect(await connectSocket(socketPath(data))).toBe(null);
  await serve();
  await served?.close();
  expect({ link: await connectSocket(socketPath(data)), files: readdirSync(data) }).toEqual({ link: null, files: [] });
});

test.skipIf(process.platform === 'win32')('only its owner can reach the socket', async () => {
  const path = await serve();
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.skipIf(process.platform === 'win32')('a socket left by a killed process is replaced', async () => {
  const path = socketPath(data);
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', script]), 'exit');
  expect(readdirSync(data)).toEqual(['nacre.sock']);
  expect(await connectSocket(path)).toBe(null);
  const link = await connect(await serve());
  expect(await link.request('settings.change', {})).toEqual(settings);
  link.close();
});

test('a file that stands where the socket belongs is replaced', async () => {
  writeFileSync(socketPath(data), 'not a socket');
  const link = await connect(await serve());
  link.close();
});

test.skipIf(process.platform === 'win32')('a data folder with a very long path is served from a private folder', async () => {
  const deep = join(data, 'a'.repeat(120));
  mkdirSync(deep);
  const link = await connect(await serve(deep));
  const address = served?.address ?? '';
  expect({ mode: statSync(dirname(address)).mode & 0o777, socket: statSync(address).mode & 0o777, reply: await link.request('settings.change', {}) }).toEqual({
    mode: 0o700,
    socket: 0o600,
    reply: settings,
  });
  link.close();
  rmSync(dirname(address), { recursive: true });
  // The folder now belongs to whoever is quicker: one that others can enter is not trusted.
  mkdirSync(dirname(address), { mode: 0o777 });
  await served?.close();
  await serve(deep);
  expect({ address: served?.address, link: await connectSocket(socketPath(deep)) }).toEqual({ address: null, link: null });
  rmSync(dirname(address), { recursive: true });
});

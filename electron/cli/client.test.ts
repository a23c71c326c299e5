import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { addresses, makePrivate, socketPath } from '../ipc/address.ts';
import { openJournal } from '../journal/open.ts';
import { openClient } from './client.ts';

test('what is asked while the other process is closing is asked again, until somebody has the data', async () => {
  const data = mkdtempSync(join(tmpdir(), 'nacre-client-'));
  const [address = ''] = addresses(socketPath(data));
  makePrivate(address);
  const held = openJournal(data);
  const linked: Socket[] = [];
  const server = createServer((socket) => linked.push(socket.on('error', () => undefined))).listen(address);
  await once(server, 'listening');
  const client = await openClient({ data, locale: 'en', works: false });
  server.close();
  for (const socket of linked) socket.end();
  const asked: Promise<unknown>[] = [];
  for (let times = 0; times < 60; times++) {
    asked.push(client.request('task.list', {}));
    await turn();
  }
  held.close();
  expect(await Promise.all(asked)).toEqual(asked.map(() => ({ tasks: [] })));
  await client.close();
  rmSync(data, { recursive: true, force: true });
});

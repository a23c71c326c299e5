// Downloads from a hub on this machine that redirects, stalls, cuts off, and sends the wrong thing.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Asked, serve, type Unruly } from '../../../e2e/fixture/unruly.ts';
import { FaultError, fault } from '../../contract/fault.ts';
import type { Download } from '../../contract/model.ts';
import { createGate } from '../../egress/gate.ts';
import { readAddress } from './address.ts';
import { createDownloads } from './download.ts';

const content = Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(200_000, 'abcdefg')]);
const sha256 = createHash('sha256').update(content).digest('hex');
const path = 'tiny-Q4_K_M.gguf';

const servers: Unruly[] = [];
afterEach(async () => void (await Promise.all(servers.splice(0).map((server) => server.close()))));
async function start(answer: Parameters<typeof serve>[0]): Promise<Unruly> {
  const server = await serve(answer);
  servers.push(server);
  return server;
}

type File = { readonly path: string; readonly size?: number; readonly oid?: string };
const listed = ({ path, size = content.length, oid }: File) => ({ type: 'file', path, size, ...(oid === undefined ? {} : { lfs: { oid, size } }) });
const good: readonly File[] = [{ path, oid: sha256 }];

/** Sends the file as storage does, from where it is asked to. */
function sendFile(response: ServerResponse, { headers }: Asked, tag = '"v1"'): void {
  const from = headers['if-range'] === tag ? Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0) : 0;
  if (from > 0)
    response.writeHead(206, { etag: tag, 'content-range': `bytes ${from}-${content.length - 1}/${content.length}`, 'content-length': content.length - from });
  else response.writeHead(200, { etag: tag, 'content-length': content.length });
  response.end(content.subarray(from));
}

/** Sends the beginning of the file; the connection is cut when `arrived` says that it came. */
async function sendHalf(response: ServerResponse, arrived: () => boolean, tag = '"v1"'): Promise<void> {
  response.writeHead(200, { etag: tag, 'content-length': content.length });
  response.write(content.subarray(0, 90_000));
  while (!arrived()) await new Promise((resolve) => setImmediate(resolve));
  response.destroy();
}

type HubOptions = { readonly files?: readonly File[]; readonly storage?: (response: ServerResponse, asked: Asked, nth: number) => void | Promise<void> };

/** A hub whose files lie on another host, as they do in reality. */
async function hub({ files = good, storage = (response, asked) => sendFile(response, asked) }: HubOptions = {}) {
  const store = await start((response, asked, nth) => storage(response, asked, nth));
  const front = await start((response, { url }) => {
    if (url.startsWith('/api/models/me/tiny/tree/main')) response.end(JSON.stringify(files.map(listed)));
    else if (url.startsWith('/me/tiny/resolve/main/')) response.writeHead(302, { location: `${store.url}/blob` }).end();
    else response.writeHead(404).end('{"error":"Repository not found"}');
  });
  return { url: front.url, store, front };
}

function open(hubUrl: string, folder = mkdtempSync(join(tmpdir(), 'nacre-download-')), { offline = false, silenceMs = 10_000 } = {}) {
  const seen: Download[] = [];
  const kept: [string, string, number][] = [];
  const ledger: string[] = [];
  let tell: (download: Download) => void = () => undefined;
  const gate = createGate({
    offline: () => offline,
    record: ({ host, status }) => (status === null ? undefined : void ledger.push(`${host} ${status}`)),
    now: Date.now,
  });
  const downloads = createDownloads({
    folder,
    fetch: gate.fetchFor('model.download'),
    hub: hubUrl,
    check: async (file) => {
      if (readFileSync(file).includes('broken')) throw new FaultError(fault('model.not-gguf', { path: file }));
      return { name: 'Tiny', bytes: content.length };
    },
    keep: (file, name, bytes) => kept.push([file, name, bytes]),
    announce(download) {
      seen.push(download);
      if (download.state !== 'running') tell(download);
    },
    limits: { silenceMs, firstWaitMs: 1, everyMs: 0 },
  });
  const fetchWhole = (source: string, name = '') =>
    new Promise<Download>((resolve) => {
      tell = resolve;
      const address = readAddress(source);
      if (address.type !== 'file') downloads.start(source, address, name);
    });
  const files = () =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ name }) => name)
          .sort()
      : [];
  return { downloads, folder, seen, kept, ledger, fetchWhole, files };
}

test('a model is found by its quant, fetched through the redirect, checked, and handed over under its place', async () => {
  const { url, store, front } = await hub({ files: [...good, { path: 'README.md' }, { path: 'tiny-Q4_K_S.gguf' }, { path: 'mmproj-Q4_K_M.gguf' }] });
  const { fetchWhole, kept, folder, ledger, seen, files } = open(url);
  const source = 'hf:me/tiny:q4_k_m';
  expect(await fetchWhole(source)).toEqual({ id: expect.any(String), source, received: content.length, total: content.length, state: 'done', fault: null });
  expect(kept).toEqual([[join(folder, 'me', 'tiny', path), 'Tiny', content.length]]);
  expect([readFileSync(join(folder, 'me', 'tiny', path)).equals(content), files()]).toEqual([true, [path]]);
  expect(ledger).toEqual([`${front.host} 200`, `${front.host} 302`, `${store.host} 200`]);
  expect(seen.map(({ received }) => received)).toEqual(seen.map(({ received }) => received).sort((a, b) => a - b));
});

test('a cut download goes on from where it stopped', async () => {
  const ranges: (string | undefined)[] = [];
  let arrived = () => false;
  const { url } = await hub({
    storage(response, asked, nth) {
      ranges.push(asked.headers.range);
      return nth === 1 ? sendHalf(response, () => arrived()) : sendFile(response, asked);
    },
  });
  const { fetchWhole, folder, seen } = open(url);
  arrived = () => seen.some(({ received }) => received > 0);
  expect((await fetchWhole('hf:me/tiny:Q4_K_M', 'Mine')).state).toBe('done');
  expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  expect(readFileSync(join(folder, 'me', 'tiny', path)).equals(content)).toBe(true);
});

test('a stalled download is tried again, and what was fetched is kept when it fails for good; the next one goes on', async () => {
  let stalling = true;
  const { url, store } = await hub({
    storage(response, asked) {
      if (!stalling) return sendFile(response, asked);
      response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
      if (asked.headers.range === undefined) response.write(content.subarray(0, 50_000));
      else response.flushHeaders();
    },
  });
  const first = open(url, undefined, { silenceMs: 150 });
  const failed = await first.fetchWhole('hf:me/tiny:Q4_K_M');
  expect([failed.state, failed.fault?.code, failed.fault?.message]).toEqual(['failed', 'model.download-silent', expect.stringContaining('sent nothing for')]);
  expect(first.kept).toEqual([]);
  stalling = false;
  const second = open(url, first.folder);
  expect((await second.fetchWhole('hf:me/tiny:Q4_K_M')).state).toBe('done');
  expect(store.asked.length).toBeGreaterThan(2);
}, 20_000);

test('a file that changed in between is fetched anew', async () => {
  let arrived = () => false;
  const { url } = await hub({
    storage: (response, asked, nth) => (nth === 1 ? sendHalf(response, () => arrived(), '"old"') : sendFile(response, asked, '"new"')),
  });
  const { fetchWhole, folder, seen } = open(url);
  arrived = () => seen.some(({ received }) => received > 0);
  expect((await fetchWhole('hf:me/tiny:Q4_K_M')).state).toBe('done');
  expect(readFileSync(join(folder, 'me', 'tiny', path)).equals(content)).toBe(true);
});

test('stopping keeps what was fetched, lists nothing, and the next start goes on', async () => {
  let slow = true;
  const { url, store } = await hub({
    storage(response, asked) {
      if (!slow) return sendFile(response, asked);
      response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
      response.write(content.subarray(0, 50_000));
    },
  });
  const { downloads, fetchWhole, seen, kept, files, folder } = open(url);
  const whole = fetchWhole('hf:me/tiny:Q4_K_M');
  while (!seen.some(({ received }) => received > 0)) await new Promise((resolve) => setImmediate(resolve));
  expect(downloads.start('hf:me/tiny:Q4_K_M', { type: 'hub', owner: 'me', repository: 'tiny', quant: 'Q4_K_M' }, '').id).toBe(seen[0]?.id);
  downloads.stop(seen[0]?.id ?? '');
  downloads.stop('no such download');
  expect([(await whole).state, kept, files()]).toEqual(['stopped', [], [`${path}.part`, `${path}.part.json`]]);
  slow = false;
  expect((await fetchWhole('hf:me/tiny:Q4_K_M')).state).toBe('done');
  expect(store.asked.at(-1)?.headers.range).toMatch(/^bytes=[1-9]/);
  expect([files(), readFileSync(join(folder, 'me', 'tiny', path)).equals(content)]).toEqual([[path], true]);
});

const page =
  (status: number, body = '<html>log in</html>') =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end(body);
const refusals: readonly { title: string; options?: HubOptions; source?: string; code: string; says: RegExp; left?: string[] }[] = [
  {
    title: 'a quant that is not there',
    source: 'hf:me/tiny:Q8_0',
    code: 'model.not-in-repository',
    says: /has no single .gguf file for "Q8_0". It has: tiny-Q4_K_M.gguf/,
  },
  {
    title: 'a quant that fits twice',
    options: { files: [{ path: 'a-Q4.gguf' }, { path: 'b-Q4.gguf' }] },
    source: 'hf:me/tiny:Q4',
    code: 'model.not-in-repository',
    says: /a-Q4.gguf, b-Q4.gguf/,
  },
  {
    title: 'a model in parts only',
    options: { files: [{ path: 'm-Q4-00001-of-00002.gguf' }] },
    source: 'hf:me/tiny:Q4',
    code: 'model.none-in-repository',
    says: /no .gguf file that holds a model in one part/,
  },
  {
    title: 'a repository that is not there',
    source: 'hf:me/other:Q4',
    code: 'model.download-missing',
    says: /There is no such file or repository at .* \(HTTP 404\)/,
  },
  {
    title: 'a file that wants an agreement first',
    options: { storage: page(403) },
    code: 'model.download-private',
    says: /\(HTTP 403\): it is private or wants an agreement first/,
  },
  {
    title: 'a page instead of the file',
    options: { files: [{ path, size: 19 }], storage: page(200) },
    code: 'model.download-not-model',
    says: /not a GGUF model file \(content type: text\/html\)/,
    left: [`${path}.part`, `${path}.part.json`],
  },
  { title: 'a file of another size', options: { files: [{ path, size: 5 }] }, code: 'model.download-size', says: /200004 bytes where 5 were declared/ },
  {
    title: 'a file larger than the disk',
    options: { files: [{ path, size: 1e18 }], storage: (response) => void response.writeHead(200, { 'content-length': 1e18 }).flushHeaders() },
    code: 'model.no-space',
    says: /takes 1000000000\.0 GB more and only/,
  },
  { title: 'a damaged file', options: { files: [{ path, oid: '0'.repeat(64) }] }, code: 'model.download-damaged', says: /its checksum differs/ },
  { title: 'a hub that stays busy', options: { storage: page(503) }, code: 'model.download-busy', says: /is busy \(HTTP 503\)/ },
  {
    title: 'a file that is no usable model',
    options: { files: [{ path, size: 10 }], storage: page(200, 'GGUFbroken') },
    code: 'model.not-gguf',
    says: /not a usable GGUF/,
  },
];
test.each(refusals)('$title fails in words and lists nothing', async ({ options, source = 'hf:me/tiny:Q4_K_M', code, says, left = [] }) => {
  const { url } = await hub(options);
  const { fetchWhole, kept, files } = open(url);
  const { state, fault: found } = await fetchWhole(source);
  expect([state, found?.code, found?.message, kept, files()]).toEqual(['failed', code, expect.stringMatching(says), [], left]);
});

test('offline, nothing is asked', async () => {
  const { url, front } = await hub();
  const { fetchWhole } = open(url, undefined, { offline: true });
  expect([(await fetchWhole('hf:me/tiny:Q4_K_M')).fault?.code, front.connections()]).toEqual(['network.offline', 0]);
});

test('an address of a file is fetched as it is, and one that is there already is only checked again', async () => {
  const { store, url } = await hub();
  const { fetchWhole, kept, folder } = open(url);
  await fetchWhole(`${store.url}/models/My%20Model.gguf?download=true`, 'Mine');
  writeFileSync(join(folder, 'left.txt'), '');
  await fetchWhole(`${store.url}/models/My%20Model.gguf?download=true`, 'Mine');
  expect([kept, store.asked.length]).toEqual([Array(2).fill([join(folder, '127.0.0.1', 'models', 'My Model.gguf'), 'Mine', content.length]), 1]);
});

test('files of one name from two places do not meet, and none is hidden', async () => {
  const { store, url } = await hub({ files: [{ path: 'a/tiny-Q4.gguf' }, { path: '.b/tiny-Q8.gguf' }] });
  const { fetchWhole, kept, folder } = open(url);
  for (const source of ['hf:me/tiny:Q4', 'hf:me/tiny:Q8', `${store.url}/x/tiny.gguf`, `${store.url}/y/tiny.gguf`]) await fetchWhole(source);
  const places = [
    ['me', 'tiny', 'a', 'tiny-Q4.gguf'],
    ['me', 'tiny', '_b', 'tiny-Q8.gguf'],
    ['127.0.0.1', 'x', 'tiny.gguf'],
    ['127.0.0.1', 'y', 'tiny.gguf'],
  ];
  expect(kept.map(([file]) => file)).toEqual(places.map((place) => join(folder, ...place)));
});

test('a newer version of a file that is there already is fetched', async () => {
  const { url } = await hub();
  const { fetchWhole, folder } = open(url);
  await fetchWhole('hf:me/tiny:Q4_K_M');
  writeFileSync(join(folder, 'me', 'tiny', path), 'GGUF of last year');
  expect((await fetchWhole('hf:me/tiny:Q4_K_M')).state).toBe('done');
  expect(readFileSync(join(folder, 'me', 'tiny', path)).equals(content)).toBe(true);
});

test('a hub that can not be reached is said in words', async () => {
  const closed = await serve(() => undefined);
  await closed.close();
  const { fetchWhole } = open(closed.url);
  expect((await fetchWhole('hf:me/tiny:Q4_K_M')).fault?.code).toBe('model.unreachable-refused');
});

test('a hub that sends no list, refuses, or keeps cutting the file off is said in words', async () => {
  const asked = (answer: Parameters<typeof serve>[0]) => start(answer).then(({ url }) => open(url).fetchWhole('hf:me/tiny:Q4_K_M'));
  const faults = [
    await asked(page(200)),
    await asked(page(418)),
    await asked((response) => void response.end('[{"type":')),
    await hub({ storage: (response) => void response.writeHead(200, { 'content-length': content.length }).write('GGUF', () => response.destroy()) }).then(
      ({ url }) => open(url).fetchWhole('hf:me/tiny:Q4_K_M'),
    ),
  ].map(({ fault: found }) => [found?.code, found?.retry]);
  expect(faults).toEqual([
    ['model.download-not-hub', undefined],
    ['model.download-refused', undefined],
    ['model.download-cut', true],
    ['model.download-cut', true],
  ]);
});

test('closing stops what is running', async () => {
  const { url } = await hub({ storage: (response) => void response.writeHead(200, { 'content-length': 10 }).flushHeaders() });
  const { downloads, fetchWhole } = open(url);
  const whole = fetchWhole('hf:me/tiny:Q4_K_M');
  await downloads.close();
  expect((await whole).state).toBe('stopped');
});

test.each([
  ['hf:Qwen/Qwen3-4B-GGUF:Q4_K_M', { type: 'hub', owner: 'Qwen', repository: 'Qwen3-4B-GGUF', quant: 'Q4_K_M' }],
  ['hf:a/b', { type: 'hub', owner: 'a', repository: 'b', quant: '' }],
  ['https://huggingface.co/a/b', { type: 'hub', owner: 'a', repository: 'b', quant: '' }],
  ['https://huggingface.co/a/b/blob/main/x.gguf', { type: 'web', url: 'https://huggingface.co/a/b/resolve/main/x.gguf' }],
  ['https://example.com/x', { type: 'web', url: 'https://example.com/x' }],
  ['/models/x.GGUF', { type: 'file', path: '/models/x.GGUF' }],
  ['file:///models/x.gguf', { type: 'file', path: '/models/x.gguf' }],
])('%s is understood', (source, address) => {
  expect(readAddress(source)).toEqual(address);
});

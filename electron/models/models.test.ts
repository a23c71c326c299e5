// The configured models: added, chosen, opened, removed, and found again by the next process.
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { sendEvents, serve, type Unruly } from '../../e2e/fixture/unruly.ts';
import type { Event } from '../contract/event.ts';
import { FaultError, fault } from '../contract/fault.ts';
import type { RemoteInput } from '../contract/model.ts';
import { chooseModel } from './dispatch.ts';
import { createModels, type ModelsParts } from './models.ts';
import { createScriptedModel } from './scripted.ts';
import { createSecretStore, type Keychain } from './secrets.ts';

const servers: Unruly[] = [];
afterEach(async () => void (await Promise.all(servers.splice(0).map((server) => server.close()))));

/** Stands for the operating system's: not secret, but not the plain text either. */
const keychain: Keychain = { encrypt: (text) => Buffer.from(text).reverse(), decrypt: (bytes) => Buffer.from(bytes).reverse().toString() };

function setUp(more: Partial<ModelsParts> & { readonly home?: string; readonly sealed?: boolean } = {}) {
  const home = more.home ?? mkdtempSync(join(tmpdir(), 'nacre-models-'));
  const events: Event[] = [];
  const opened: string[] = [];
  let model: string | null = null;
  const current = {
    get: () => model,
    set(id: string | null) {
      model = id;
    },
  };
  const secretsFile = join(home, 'secrets.json');
  const parts: ModelsParts = {
    folder: join(home, 'models'),
    file: join(home, 'models.json'),
    current,
    starter: null,
    secrets: createSecretStore({ file: secretsFile, keychain: more.sealed === false ? null : keychain }),
    gate: { offline: () => false, fetchFor: () => fetch },
    openLocal: async ({ id, path }) => {
      opened.push(path);
      return createScriptedModel({ profile: { id, where: 'local' } });
    },
    checkGguf: async (path) => {
      if (!existsSync(path) || !readFileSync(path, 'utf8').startsWith('GGUF')) throw new FaultError(fault('model.not-gguf', { path }));
      return { name: 'Tiny', bytes: statSync(path).size };
    },
    now: () => 42,
    announce: (event) => events.push(event),
    env: {},
    ...more,
  };
  return { home, events, opened, current, secretsFile, models: createModels(parts), file: parts.file };
}

function gguf(home: string, name = 'tiny.gguf'): string {
  const path = join(home, name);
  writeFileSync(path, 'GGUF and so on');
  return path;
}

const input = (more: Partial<RemoteInput> & { check?: boolean } = {}) => ({
  name: 'Work',
  kind: 'openai' as const,
  baseUrl: 'http://127.0.0.1:9/v1',
  model: 'm1',
  plainKey: false,
  check: false,
  ...more,
});
const code = async (act: () => unknown): Promise<string> => {
  try {
    await act();
    return 'none';
  } catch (error) {
    return error instanceof FaultError ? error.fault.code : String(error);
  }
};

test('a file is used where it lies, is found again by the next process, and stays when its model is removed', async () => {
  const first = setUp();
  const path = gguf(first.home);
  const { model } = await first.models.importFrom(path);
  const expected = { id: 'local:tiny', name: 'Tiny', kind: 'local', source: path, model: '', bytes: 14, current: true, fault: null };
  expect([model, first.current.get(), readdirSync(first.home).sort()]).toEqual([expected, 'local:tiny', ['models.json', 'tiny.gguf']]);
  const second = setUp({ home: first.home, current: first.current });
  expect(second.models.list()[0]).toEqual(expected);
  const open = await second.models.open(null);
  expect([await second.models.open('local:tiny'), second.opened]).toEqual([open, [path]]);
  await second.models.remove('local:tiny');
  expect([existsSync(path), first.current.get(), second.models.list().map(({ id }) => id)]).toEqual([true, null, []]);
  expect(second.events.at(-1)).toEqual({ type: 'models.changed', models: second.models.list() });
});

test('the same file is listed once, and models of one name get different ids', async () => {
  const { home, models } = setUp();
  const path = gguf(home);
  await models.importFrom(path);
  await models.importFrom(path, 'Again');
  await models.importFrom(gguf(home, 'other.gguf'), '再 Again!');
  await models.importFrom(gguf(home, 'third.gguf'), 'Tiny');
  expect(models.list().map(({ id, name }) => [id, name])).toEqual([
    ['local:tiny', 'Again'],
    ['local:再-again', '再 Again!'],
    ['local:tiny-2', 'Tiny'],
  ]);
});

test('a model whose file has gone says so and does not open', async () => {
  const { home, models } = setUp();
  await models.importFrom(join(gguf(home)));
  writeFileSync(join(home, 'x'), '');
  const gone = setUp({ home: mkdtempSync(join(tmpdir(), 'nacre-models-')) });
  writeFileSync(gone.file, readFileSync(join(home, 'models.json'), 'utf8').replaceAll('tiny.gguf', 'moved.gguf'));
  const again = setUp({ home: gone.home });
  expect([again.models.list()[0]?.fault?.code, await code(() => again.models.open('local:tiny'))]).toEqual(['model.gone', 'model.gone']);
});

test.each([
  ['nonsense', 'model.not-an-address'],
  ['http://example.com/a.gguf', 'model.not-an-address'],
  ['hf:only-owner', 'model.not-an-address'],
  ['ftp://x/y.gguf', 'model.not-an-address'],
  ['/no/such/file.gguf', 'model.not-gguf'],
])('the source %s is refused with %s', async (source, expected) => {
  const { models, events } = setUp();
  expect([await code(() => models.importFrom(source)), events]).toEqual([expected, []]);
});

test('a key is sealed by the keychain, used for requests, and forgotten with its model', async () => {
  const server = await serve((response) => {
    sendEvents(response, [{ choices: [{ delta: { content: 'ok' }, finish_reason: 'stop' }] }]);
    response.end();
  });
  servers.push(server);
  const { home, models, secretsFile, events } = setUp();
  const entry = await models.addRemote(input({ baseUrl: `${server.url}/v1`, key: 'sk-secret', check: true }));
  expect(entry).toEqual({ id: 'remote:work', name: 'Work', kind: 'openai', source: `${server.url}/v1`, model: 'm1', bytes: 0, current: true, fault: null });
  const model = await models.open('remote:work');
  for await (const event of model.generate(
    { sequence: 'c1', lane: 'chat', system: '', tools: [], messages: [{ role: 'user', text: 'hi' }] },
    new AbortController().signal,
  ))
    events.push(event as never);
  expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-secret', 'Bearer sk-secret']);
  expect(
    [JSON.stringify(events), ...readdirSync(home).map((name) => readFileSync(join(home, name), 'utf8'))].filter((text) => text.includes('sk-secret')),
  ).toEqual([]);
  expect(statSync(secretsFile).mode & 0o777).toBe(0o600);
  await models.remove('remote:work');
  expect(JSON.parse(readFileSync(secretsFile, 'utf8'))).toEqual({});
});

test('without a keychain a key is kept in a file only where the person agreed', async () => {
  const { models, secretsFile } = setUp({ sealed: false });
  expect([await code(() => models.addRemote(input({ key: 'sk' }))), existsSync(secretsFile), models.list().length]).toEqual(['secret.unavailable', false, 0]);
  await models.addRemote(input({ key: 'sk', plainKey: true }));
  expect([readFileSync(secretsFile, 'utf8').includes('"sk"'), statSync(secretsFile).mode & 0o777]).toEqual([true, 0o600]);
});

test('a key in an environment variable is read when it is used, and a missing one is said', async () => {
  const env: NodeJS.ProcessEnv = {};
  const { models } = setUp({ sealed: false, env });
  expect(await code(() => models.addRemote(input({ keyEnv: 'MY_KEY', check: true })))).toBe('model.key-missing');
  await models.addRemote(input({ keyEnv: 'MY_KEY' }));
  expect([models.list()[0]?.fault?.code, await code(() => models.open(null))]).toEqual(['model.key-missing', 'model.key-missing']);
  env['MY_KEY'] = 'sk';
  expect([models.list()[0]?.fault, (await models.open(null)).profile.id]).toEqual([null, 'remote:work']);
});

test('an endpoint that does not answer is not kept, unless the person wants it unchecked', async () => {
  const { models, secretsFile } = setUp();
  const closed = await serve(() => undefined);
  await closed.close();
  const there = { baseUrl: `${closed.url}/v1`, key: 'sk' };
  expect([await code(() => models.addRemote(input({ ...there, check: true }))), models.list().length, existsSync(secretsFile)]).toEqual([
    'model.unreachable-refused',
    0,
    false,
  ]);
  expect((await models.addRemote(input(there))).id).toBe('remote:work');
});

test('adding a remote model again under its name replaces it, and the open one is not used any more', async () => {
  const { models } = setUp();
  await models.addRemote(input({ contextTokens: 8000 }));
  const before = await models.open(null);
  await models.addRemote(input({ model: 'm2', contextTokens: 64_000 }));
  const after = await models.open(null);
  expect([before.profile.tier, after.profile.tier, models.list().map(({ id, model }) => [id, model])]).toEqual(['small', 'large', [['remote:work', 'm2']]]);
});

test('an address that holds a password is refused', async () => {
  const { models } = setUp();
  expect(await code(() => models.addRemote(input({ baseUrl: 'https://me:secret@example.com/v1' })))).toBe('model.address-password');
});

test.each(['foo', '', 'ftp://example.com/v1', 'http://', 'https:///v1', '127.0.0.1:11434/v1', 'http://a b/v1'])(
  'the address "%s" is refused, and one that would do is shown',
  async (baseUrl) => {
    const { models } = setUp();
    await expect(models.addRemote(input({ baseUrl }))).rejects.toMatchObject({
      fault: { code: 'model.bad-address', values: { address: baseUrl }, message: expect.stringContaining('http://127.0.0.1:11434/v1') },
    });
    expect(models.list()).toEqual([]);
  },
);

test('where nobody says how much an endpoint reads, it is taken to read 128k tokens, and is not told more than others', async () => {
  const { models } = setUp();
  await models.addRemote(input());
  expect((await models.open(null)).profile).toMatchObject({ contextTokens: 131_072, tier: 'standard' });
});

test('models can be chosen, and unknown ones can not be chosen, opened or removed', async () => {
  const { home, models, current } = setUp();
  await models.addRemote(input());
  await models.importFrom(gguf(home));
  expect([models.use('local:tiny').current, current.get(), (await models.open(null)).profile.id]).toEqual([true, 'local:tiny', 'local:tiny']);
  expect((await models.open(null, 'remote:work')).profile.id).toBe('remote:work');
  expect([
    await code(() => models.use('local:x')),
    await code(() => models.open('local:x')),
    await code(() => models.remove('scripted:script')),
    await code(() => setUp().models.open(null)),
  ]).toEqual(['model.missing', 'model.missing', 'model.missing', 'model.none']);
});

test('NACRE_SCRIPT lists a script and lets it answer where nothing else was chosen', async () => {
  const home = mkdtempSync(join(tmpdir(), 'nacre-models-'));
  writeFileSync(join(home, 's.json'), '[{"text":"hi"}]');
  const { models } = setUp({ home, env: { NACRE_SCRIPT: join(home, 's.json') } });
  expect([(await models.open(null)).profile.id, models.list().map(({ id, current: used }) => [id, used])]).toEqual([
    'scripted:script',
    [['scripted:script', true]],
  ]);
});

test('a model that failed to open is tried again the next time', async () => {
  let tries = 0;
  const { home, models } = setUp({
    openLocal: async () => {
      if (++tries === 1) throw new FaultError(fault('model.out-of-memory', { name: 'Tiny' }));
      return createScriptedModel({});
    },
  });
  await models.importFrom(gguf(home));
  expect([await code(() => models.open(null)), await code(() => models.open(null)), tries]).toEqual(['model.out-of-memory', 'none', 2]);
  await models.close();
});

test('a damaged list of models is kept aside and said once', () => {
  const home = mkdtempSync(join(tmpdir(), 'nacre-models-'));
  writeFileSync(join(home, 'models.json'), '{"models": [{');
  const { models } = setUp({ home });
  const kept = join(home, 'models.damaged-1970-01-01T00-00-00-042Z.json');
  expect([models.notices, models.list().length, readFileSync(kept, 'utf8')]).toEqual([[fault('model.list-damaged', { kept })], 0, '{"models": [{']);
});

test('a secret sealed by another keychain counts as absent', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nacre-secrets-')), 'secrets.json');
  createSecretStore({ file, keychain }).set('a', 'x');
  const other: Keychain = {
    ...keychain,
    decrypt: () => {
      throw new Error('another user');
    },
  };
  expect([
    createSecretStore({ file, keychain }).get('a'),
    createSecretStore({ file, keychain: other }).get('a'),
    createSecretStore({ file, keychain: null }).get('a'),
  ]).toEqual(['x', null, null]);
});

const local = { id: 'local:a', name: 'A', kind: 'local', source: '/a', model: '', bytes: 1, current: false, fault: null } as const;
const remote = { ...local, id: 'remote:b', kind: 'openai', source: 'https://b.example/v1' } as const;
const gone = { ...local, id: 'local:gone', fault: fault('model.gone', { name: 'G', path: '/g' }) } as const;
const choices: readonly (readonly [string, readonly (string | null)[], boolean, string])[] = [
  ['the run decides first', ['local:a', 'remote:b', 'remote:b'], false, 'local:a'],
  ['then the conversation', [null, 'remote:b', 'local:a'], false, 'remote:b'],
  ['then the settings', [null, null, 'local:a'], false, 'local:a'],
  ['with nothing chosen there is no model', [null, null, null], false, 'model.none'],
  ['a missing model is not replaced by another', ['local:x', 'local:a'], false, 'model.missing'],
  ['a model whose file is gone is not replaced by another', ['local:gone', 'remote:b'], false, 'model.gone'],
  ['offline a remote model is refused', [null, 'remote:b', 'local:a'], true, 'network.offline'],
  ['offline a local model answers', [null, null, 'local:a'], true, 'local:a'],
];
test.each(choices)('%s', (_, wanted, offline, expected) => {
  const choice = chooseModel(wanted, [local, remote, gone], offline);
  expect(choice.ok ? choice.value.id : choice.fault.code).toBe(expected);
});

test('the model that comes with Nacre answers where no other was chosen, and is not put to use by itself', async () => {
  const { home, models, opened } = setUp();
  await expect(code(() => models.open())).resolves.toBe('model.none');
  const starter = gguf(home, 'starter.gguf');
  const fresh = setUp({ starter });
  expect((await fresh.models.open()).profile.id).toBe('local:starter');
  expect({ opened: fresh.opened, before: opened, current: fresh.current.get() }).toEqual({ opened: [starter], before: [], current: null });
  expect(fresh.models.list().map(({ id, current }) => [id, current])).toEqual([['local:starter', false]]);
  const chosen = (await fresh.models.importFrom(gguf(fresh.home), 'Starter')).model;
  expect(chosen).toMatchObject({ id: 'local:starter-2', current: true });
  expect((await fresh.models.open()).profile.id).toBe(chosen?.id);
});

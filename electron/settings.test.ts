// The settings file as a person may find or damage it.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultError } from './contract/fault.ts';
import { Settings } from './contract/setting.ts';
import { silentLog } from './log.ts';
import { openSettings } from './settings.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nacre-settings-'));
  file = join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const defaults = Settings.parse({});
const open = () => openSettings(file, silentLog);

test('without a file the defaults are in use and nothing is written', () => {
  const settings = open();
  expect({ current: settings.current(), notices: settings.notices, files: readdirSync(folder) }).toEqual({ current: defaults, notices: [], files: [] });
});

test('a change is on disk at once and is there after a restart', () => {
  expect(open().change({ theme: 'dark', model: 'local:a' })).toEqual({ ...defaults, theme: 'dark', model: 'local:a' });
  expect({ again: open().current(), files: readdirSync(folder) }).toEqual({
    again: { ...defaults, theme: 'dark', model: 'local:a' },
    files: ['settings.json'],
  });
});

test('fields that this version does not know survive a change', () => {
  writeFileSync(file, '\uFEFF{"theme":"dark","fromTheFuture":{"a":[1]}}');
  open().change({ offline: true });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ theme: 'dark', fromTheFuture: { a: [1] }, offline: true });
});

test('a field that a change leaves out keeps its value, also when it is named with no value', () => {
  open().change({ theme: 'dark' });
  expect(open().change({ theme: undefined, gpu: 'off' })).toEqual({ ...defaults, theme: 'dark', gpu: 'off' });
});

test.each([
  ['half a file', '{"theme":"da'],
  ['noise', '\u0000\u0001\u0002'],
  ['a value of the wrong kind', '{"theme":7}'],
  ['a list', '[1]'],
  ['the word null', 'null'],
])('damaged settings (%s) are kept aside, the defaults are used, and it is said once', (_, text) => {
  writeFileSync(file, text);
  const settings = open();
  const [kept] = readdirSync(folder);
  expect(kept).toMatch(/^settings\.damaged-.*\.json$/);
  expect(readFileSync(join(folder, kept ?? ''), 'utf8')).toBe(text);
  expect({ current: settings.current(), codes: settings.notices.map((notice) => notice.code), again: open().notices }).toEqual({
    current: defaults,
    codes: ['app.settings-damaged'],
    again: [],
  });
  expect(basename(String(settings.notices[0]?.values?.['kept']))).toBe(kept);
});

test('a folder in place of the settings file is moved aside too', () => {
  mkdirSync(file);
  const settings = open();
  settings.change({ theme: 'light' });
  expect({ notices: settings.notices.length, theme: open().current().theme }).toEqual({ notices: 1, theme: 'light' });
});

test('an empty file is a valid one', () => {
  writeFileSync(file, '\n');
  expect(open().notices).toEqual([]);
});

test('a change that can not be written says so and changes nothing', () => {
  const settings = open();
  settings.change({ theme: 'dark' });
  mkdirSync(`${file}.${process.pid}.tmp`);
  expect(() => settings.change({ theme: 'light' })).toThrow(FaultError);
  expect({ current: settings.current().theme, onDisk: open().current().theme }).toEqual({ current: 'dark', onDisk: 'dark' });
});

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('a read-only folder is named in the fault', () => {
  const settings = open();
  chmodSync(folder, 0o500);
  expect(() => settings.change({ theme: 'light' })).toThrow(/can not write to its data folder/);
});

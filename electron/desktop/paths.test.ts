import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolder } from './paths.ts';

const linux = { argv: ['node', 'app'], env: {}, platform: 'linux', home: '/home/ada' } as const;

test('--data chooses the data folder, relative to where Nacre was started', () => {
  expect(dataFolder({ ...linux, argv: ['node', 'app', '--data', 'here'], env: { NACRE_DATA: '/elsewhere' } })).toBe(resolve('here'));
  expect(dataFolder({ ...linux, argv: ['node', 'app', '--data=/there'] })).toBe(resolve('/there'));
});

test('without --data the environment variable NACRE_DATA chooses it', () => {
  expect(dataFolder({ ...linux, env: { NACRE_DATA: '/elsewhere' } })).toBe(resolve('/elsewhere'));
});

test('without either it lies where the system keeps application data', () => {
  expect([
    dataFolder(linux),
    dataFolder({ ...linux, env: { XDG_DATA_HOME: '/home/ada/share' } }),
    dataFolder({ ...linux, platform: 'darwin', home: '/Users/ada' }),
  ]).toEqual(['/home/ada/.local/share/nacre', '/home/ada/share/nacre', '/Users/ada/Library/Application Support/Nacre']);
});

test('an empty --data or NACRE_DATA counts as none', () => {
  expect([dataFolder({ ...linux, argv: ['node', 'app', '--data', ''] }), dataFolder({ ...linux, env: { NACRE_DATA: '' } })]).toEqual([
    '/home/ada/.local/share/nacre',
    '/home/ada/.local/share/nacre',
  ]);
});

import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox } from '../../electron/tools/sandbox/sandbox.ts';
import { attempts } from './attempts.ts';
import { make, type Outcome } from './run.ts';

const under = join(import.meta.dirname, '../../.cache/escape');
mkdirSync(under, { recursive: true });
const works = (await createSandbox({ data: under }).trouble()) === null;
const isRoot = process.getuid?.() === 0;
const tried = attempts.filter((attempt) => attempt.bare !== 'never tried');
const nobody = 65534;

/** The same attempts in a process of its own. */
function asSomeone(command: string, args: readonly string[], options: object): readonly Outcome[] {
  const ran = spawnSync(command, [...args], { encoding: 'utf8', maxBuffer: 64_000_000, ...options });
  return JSON.parse(ran.stdout || '[]') as readonly Outcome[];
}

const child = (...args: readonly string[]): readonly string[] => [join(import.meta.dirname, 'as-someone.ts'), ...args];
afterAll(() => rmSync(under, { recursive: true, force: true }));

test('there are at least 80 attempts, each with a name of its own', () => {
  expect(attempts.length).toBeGreaterThanOrEqual(80);
  expect(new Set(attempts.map((attempt) => attempt.name)).size).toBe(attempts.length);
});

describe.skipIf(!works)('inside the sandbox', () => {
  let outcomes: ReadonlyMap<string, Outcome>;
  beforeAll(async () => {
    outcomes = new Map((await make(attempts, under, true)).map((outcome) => [outcome.name, outcome]));
  }, 400_000);

  test.each(attempts.map((attempt) => attempt.name))('nothing escapes that %s', (name) => {
    expect(outcomes.get(name)).toMatchObject({ name, escaped: null });
  });
});

describe.skipIf(!works || !isRoot)('as a user without rights', () => {
  test('nothing escapes either', { timeout: 400_000 }, () => {
    const own = `${under}-nobody`;
    mkdirSync(own, { recursive: true });
    chownSync(own, nobody, nobody);
    const outcomes = asSomeone(process.execPath, child(own), { uid: nobody, gid: nobody, env: { PATH: process.env['PATH'], HOME: '/nonexistent' } });
    rmSync(own, { recursive: true });
    expect({ made: outcomes.length, escaped: outcomes.filter((outcome) => outcome.escaped !== null) }).toEqual({ made: attempts.length, escaped: [] });
  });
});

describe.skipIf(!works)('in a session with a keyring', () => {
  test('its keys stay outside', { timeout: 60_000 }, () => {
    const join_ = `my ($t, $n, $p) = ('user', 'nacre-escape', 'CANARY-4711'); syscall(250, 1, 0) >= 0 && syscall(248, $t, $n, $p, length $p, -3) >= 0 or exit 9; exec @ARGV`;
    const [outcome, ...more] = asSomeone('perl', ['-e', join_, process.execPath, ...child(under, 'from the keyring')], {});
    expect([outcome, more]).toMatchObject([{ escaped: null, output: expect.stringContaining('no key') }, []]);
  });
});

/** The attempts are worth something only if they get out where nothing holds them. */
describe.skipIf(process.platform !== 'linux')('without the sandbox', () => {
  let outcomes: readonly Outcome[] = [];
  beforeAll(async () => {
    outcomes = await make(tried, under, false);
  }, 400_000);

  test('at least 80 of the same attempts escape, and each is noticed', () => {
    expect(outcomes.filter((outcome) => outcome.escaped !== null).length).toBeGreaterThanOrEqual(80);
  });

  test('every attempt that must escape does', () => {
    const must = new Set(tried.flatMap((attempt) => (attempt.bare === 'escapes' ? [attempt.name] : [])));
    expect(outcomes.filter((outcome) => must.has(outcome.name) && outcome.escaped === null)).toEqual([]);
  });
});

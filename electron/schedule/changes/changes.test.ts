import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Changes, createChanges, type Watched } from './changes.ts';
import { type Look, lookAt } from './look.ts';

let folder: string;
let changes: Changes | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nacre-changes-'));
});
afterEach(async () => {
  await changes?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);

describe('how a path looks', () => {
  it('a file differs by its size and its time, and is the same where nothing happened', async () => {
    writeFileSync(at('a'), 'one');
    const before = await lookAt(at('a'));
    expect(await lookAt(at('a'))).toEqual(before);
    writeFileSync(at('a'), 'three');
    const bigger = await lookAt(at('a'));
    utimesSync(at('a'), 1000, 1000);
    expect(new Set([before, bigger, await lookAt(at('a'))].map((look) => JSON.stringify(look))).size).toBe(3);
  });

  it('a folder differs by what is added, changed, renamed or removed in it, however deep', async () => {
    mkdirSync(at('in/deep/er'), { recursive: true });
    const prints: string[] = [];
    const look = async () => prints.push(JSON.stringify(await lookAt(at('in'))));
    await look();
    writeFileSync(at('in/deep/er/a'), 'one');
    await look();
    writeFileSync(at('in/deep/er/a'), 'two!');
    await look();
    renameSync(at('in/deep/er/a'), at('in/deep/b'));
    await look();
    rmSync(at('in/deep'), { recursive: true });
    await look();
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('links in it are not followed, so that a circle has an end', async () => {
    mkdirSync(at('in'));
    symlinkSync(at('in'), at('in/again'));
    expect(await lookAt(at('in'))).toMatchObject({ type: 'seen' });
  });

  it('what is not there is gone, below a file too', async () => {
    writeFileSync(at('a'), '');
    expect([await lookAt(at('none')), await lookAt(at('a/b'))]).toEqual([{ type: 'gone' }, { type: 'gone' }]);
  });

  it('a name that no system takes is unreadable, with its reason', async () => {
    expect(await lookAt(at('x'.repeat(5000)))).toEqual({ type: 'unreadable', reason: 'ENAMETOOLONG' });
  });
});

/** Watches paths as the store would, and collects what was noticed. */
function watching(paths: readonly string[], pace = { settleMs: 80, leastMs: 20, mostMs: 200 }) {
  const known = new Map<number, Look>();
  const noticed: string[] = [];
  const watched = (): Watched[] => paths.map((path, index) => ({ task: index + 1, path, known: known.get(index + 1) ?? null }));
  const onLook = (task: number, look: Look) => {
    noticed.push(`${task} ${known.has(task) ? look.type : 'first'}`);
    known.set(task, look);
  };
  changes = createChanges({ watched, onLook, onTrouble: (error) => noticed.push(String(error)) }, pace);
  const until = async (count: number) => {
    for (let tries = 0; noticed.length < count && tries < 400; tries++) await sleep(10);
    return noticed;
  };
  return { changes, noticed, until };
}

describe('changes', () => {
  it('are told a moment later: appearing, changing, vanishing', async () => {
    const { changes, until } = watching([at('a')]);
    changes.start();
    await until(1);
    writeFileSync(at('a'), 'one');
    await until(2);
    writeFileSync(at('a'), 'another');
    await until(3);
    rmSync(at('a'));
    expect(await until(4)).toEqual(['1 first', '1 seen', '1 seen', '1 gone']);
  });

  it('in a folder are told too, and those deeper in it', async () => {
    mkdirSync(at('in/deep'), { recursive: true });
    const { changes, until } = watching([at('in')]);
    changes.start();
    await until(1);
    writeFileSync(at('in/a'), 'one');
    await until(2);
    writeFileSync(at('in/deep/b'), 'one');
    expect(await until(3)).toEqual(['1 first', '1 seen', '1 seen']);
  });

  it('that go on are told once, when they have come to rest', async () => {
    const { changes, noticed, until } = watching([at('a')], { settleMs: 250, leastMs: 20, mostMs: 200 });
    changes.start();
    await until(1);
    for (let size = 1; size <= 12; size++) {
      writeFileSync(at('a'), 'x'.repeat(size));
      await sleep(50);
    }
    expect(noticed).toEqual(['1 first']);
    expect(await until(2)).toEqual(['1 first', '1 seen']);
  });

  it('of a file that is replaced as editors do it are one change', async () => {
    writeFileSync(at('a'), 'one');
    const { changes, until } = watching([at('a')]);
    changes.start();
    await until(1);
    writeFileSync(at('a.new'), 'another');
    rmSync(at('a'));
    renameSync(at('a.new'), at('a'));
    await until(2);
    await sleep(300);
    expect(await until(2)).toEqual(['1 first', '1 seen']);
  });

  it('of one path do not hold up another, and nothing is told after the end', async () => {
    const { changes, noticed, until } = watching([at('a'), at('b')]);
    changes.start();
    await until(2);
    writeFileSync(at('b'), 'one');
    await until(3);
    expect(noticed.sort()).toEqual(['1 first', '2 first', '2 seen']);
    await changes.stop();
    writeFileSync(at('a'), 'one');
    await sleep(300);
    expect(noticed).toHaveLength(3);
  });

  it('of what is only now waited for are told although nothing was waited for before', async () => {
    const paths: string[] = [];
    const { changes, until } = watching(paths, { settleMs: 80, leastMs: 20, mostMs: 3_600_000 });
    changes.start();
    paths.push(at('a'));
    changes.look();
    await until(1);
    writeFileSync(at('a'), 'one');
    expect(await until(2)).toEqual(['1 first', '1 seen']);
  });

  it('the first look is taken without the start too, and the end waits for it', async () => {
    const { changes, noticed } = watching([at('a')]);
    changes.look();
    await changes.stop();
    expect(noticed).toEqual(['1 first']);
  });
});
